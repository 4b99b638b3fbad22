using System.Collections;
using System.Management.Automation;
using Crane.Planning;
using Crane.Stores;

namespace Crane.Commands;

/// <summary>What the cmdlets that look into registries have in common: credentials, and how the work is run.</summary>
public abstract class RegistryCommand : CraneCommand
{
    // How many images or repositories are asked for at the same time.
    private protected const int AtOnce = 8;

    /// <inheritdoc cref="PlanCommand.Credential"/>
    [Parameter]
    [Credential]
    [ValidateNotNull]
    public PSCredential? Credential { get; set; }

    /// <inheritdoc cref="PlanCommand.RegistryCredential"/>
    [Parameter]
    [ValidateNotNull]
    public IDictionary? RegistryCredential { get; set; }

    /// <summary>Runs work that reads from registries; an error that concerns all of it ends the cmdlet.</summary>
    /// <param name="registries">The registries in play.</param>
    /// <param name="settings">How they are spoken to.</param>
    /// <param name="begin">Begins the work, given how to reach them.</param>
    private protected void Read(
        IEnumerable<string> registries, IEnumerable<RegistrySetting> settings, Func<StoreRequest, Func<PipelinePump, CancellationToken, Task>> begin)
    {
        try
        {
            var pump = new PipelinePump(StopToken);
            var request = new StoreRequest(null, RegistryCredentials.From(Credential, RegistryCredential, registries))
            {
                Registries = RegistrySettings.Unite(settings),
                Trace = line => pump.Post(() => WriteDebug(line)),
            };
            var work = begin(request);
            pump.Run(cancellation => work(pump, cancellation));
        }
        catch (CraneException error)
        {
            ThrowTerminatingError(ErrorRecords.From(error));
        }
    }
}

using System.Collections;
using System.Management.Automation;
using Crane.Planning;
using Crane.Stores;

namespace Crane.Commands;

/// <summary>What the cmdlets that look into registries have in common: credentials, and how the work is run.</summary>
public abstract class RegistryCommand : CraneCommand
{
    private readonly List<ImageWish> _wishes = [];

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

    /// <summary>What was asked for so far.</summary>
    private protected IReadOnlyList<ImageWish> Wishes => _wishes;

    /// <summary>Takes an image in; what is wrong with its name is written here, and the others go on.</summary>
    private protected void Gather(Func<ImageWish> read)
    {
        try
        {
            _wishes.Add(read());
        }
        catch (CraneException error)
        {
            WriteErrors([error]);
        }
    }

    /// <summary>Runs work that reads what was asked for; an error that concerns all of it ends the cmdlet.</summary>
    /// <param name="begin">Begins the work, given how to reach the registries.</param>
    private protected void Read(Func<StoreRequest, Func<PipelinePump, CancellationToken, Task>> begin)
    {
        try
        {
            var pump = new PipelinePump(StopToken);
            var request = new StoreRequest(null, RegistryCredentials.From(Credential, RegistryCredential, _wishes.Select(wish => wish.Image.Registry)))
            {
                Registries = RegistrySettings.Unite(_wishes.SelectMany(wish => wish.Settings)),
                Trace = line => pump.Post(() => WriteDebug(line)),
                Warn = text => pump.Post(() => WarnOnce(text)),
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

using System.Collections;
using System.Management.Automation;
using Crane.Execution;

namespace Crane.Commands;

/// <summary>What the cmdlets that run plans are: plans that are run, with credentials for the registries in play.</summary>
public abstract class PlanCommand : PlanInputCommand
{
    /// <summary>
    /// The user and password for the one registry that is read from or written to. Where there are several, it is an error: use
    /// <see cref="RegistryCredential"/>. Without both, docker's own configuration is used, with its credential helpers.
    /// </summary>
    [Parameter]
    [Credential]
    [ValidateNotNull]
    public PSCredential? Credential { get; set; }

    /// <summary>Credentials by registry, as in @{ 'ghcr.io' = Get-Credential bob }. The key of Docker Hub is docker.io.</summary>
    [Parameter]
    [ValidateNotNull]
    public IDictionary? RegistryCredential { get; set; }

    /// <summary>How many images move at the same time, at most: 1 to 256.</summary>
    [Parameter]
    [ValidateRange(1, 256)]
    public int ThrottleLimit { get; set; } = 8;

    /// <summary>Writes how a plan ended. The result comes first: an error may end the pipeline, and the result is not to be lost.</summary>
    internal void Write(RunOutcome outcome)
    {
        WriteObject(outcome.Result);
        if (outcome.Error is { } error)
            WriteErrors([error]);
    }
}

using Crane.Loading;
using Crane.Stores;

namespace Crane.Commands;

/// <summary>The cmdlets that change which credentials are kept.</summary>
public abstract class LoginCommand : CraneCommand
{
    /// <summary>Does the work for one registry, and writes what came of it, or its error.</summary>
    private protected void Run(string registry, Func<IRegistryLogins, Action<string>?, CancellationToken, Task<LoginOutcome>> work) => Try(() =>
    {
        var pump = new PipelinePump(StopToken);
        LoginOutcome? outcome = null;
        pump.Run(async cancellation => outcome = await work(Adapters.Current.Logins, TraceBy(pump), cancellation));
        foreach (var warning in outcome!.Warnings)
            WriteWarning(warning);
        if (outcome.Login is { } login)
            WriteObject(login);
    }, registry);
}

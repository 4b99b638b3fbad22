using Crane.Commands.Base;
using Crane.Loading;

namespace Crane.Running;

/// <summary>Stores or removes the credential for a registry; writes the login, warnings or an error.</summary>
internal static class LoginSession
{
    public static void Run(
        CraneCommand command,
        string registry,
        Func<IRegistryLogins, Action<string>?, CancellationToken, Task<LoginOutcome>> work) => command.Try(() =>
    {
        var pump = new PipelinePump(command.StopToken);
        var trace = new StreamObserver(command, pump).Trace;
        LoginOutcome? outcome = null;
        pump.Run(async cancellation => outcome = await work(Adapters.Current.Logins, trace, cancellation));
        foreach (var warning in outcome!.Warnings)
            command.WriteWarning(warning);
        if (outcome.Login is { } login)
            command.WriteObject(login);
    }, registry);
}

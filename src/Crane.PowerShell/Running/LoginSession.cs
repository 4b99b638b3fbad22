using Crane.Commands.Base;
using Crane.Loading;
using Crane.Names;

namespace Crane.Running;

/// <summary>Works with stored credentials; writes logins, warnings and errors.</summary>
internal static class LoginSession
{
    /// <summary>Stores or removes the credential for a registry, if it can be one and the user approves.</summary>
    public static void Run(
        CraneCommand command,
        string registry,
        string action,
        Func<IRegistryLogins, Action<string>?, CancellationToken, Task<LoginOutcome>> work) => command.Try(() =>
    {
        _ = RegistryAddress.Parse(RegistryAddress.HostOf(registry));
        if (!command.ShouldProcess(registry, action))
            return;
        var pump = new PipelinePump(command.StopToken);
        var trace = new StreamObserver(command, pump).Trace;
        LoginOutcome? outcome = null;
        pump.Run(async cancellation => outcome = await work(Adapters.Current.Logins, trace, cancellation));
        foreach (var warning in outcome!.Warnings)
            command.WriteWarning(warning);
        if (outcome.Login is { } login)
            command.WriteObject(login);
    }, registry);

    /// <summary>Lists the stored credentials of wanted registries.</summary>
    public static void List(CraneCommand command, Func<string, bool> isWanted) => command.Try(() =>
    {
        LoginList? list = null;
        new PipelinePump(command.StopToken).Run(
            async cancellation => list = await Adapters.Current.Logins.ListAsync(isWanted, cancellation));
        foreach (var warning in list!.Warnings)
            command.WriteWarning(warning);
        command.WriteObjects(list.Logins);
        command.WriteErrors(list.Errors);
    });
}

using Crane.Commands.Base;
using Crane.Input;
using Crane.Moving.Run;

namespace Crane.Running;

/// <summary>One run of plans with the parameters of a cmdlet; writes each result as soon as it arrives.</summary>
internal sealed class PlanSession(PlanCommand command)
{
    /// <summary>Returns the request for the run's stores, without an engine yet, with the credentials for its registries.</summary>
    /// <exception cref="CraneException">InvalidValue.</exception>
    public StoreRequest Request(IEnumerable<string> registries) => new(
        null, RegistryCredentials.From(command.Credential, command.RegistryCredential, registries));

    /// <summary>Runs plans and shows their progress; writes their outcomes in order.</summary>
    public void Run(
        IEnumerable<RetagPlan> plans,
        StoreRequest request,
        Func<StoreRequest, StreamObserver, RunOptions, CancellationToken, IAsyncEnumerable<RunOutcome>> run)
    {
        var pump = new PipelinePump(command.StopToken);
        using var progress = new RunProgress(command, pump, plans.Select(plan => plan.Target));
        var observer = new StreamObserver(command, pump, progress);
        var options = command.Options;
        pump.Run(async cancellation =>
        {
            await foreach (var outcome in run(observer.Watch(request), observer, options, cancellation))
                await pump.PostAsync(() => command.Write(outcome));
        });
    }
}

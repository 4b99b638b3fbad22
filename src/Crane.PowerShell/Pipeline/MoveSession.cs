using Crane.Execution;
using Crane.Loading;
using Crane.Planning;
using Crane.Stores;

namespace Crane.Commands;

/// <summary>One run of a cmdlet that moves images: checks, asks, runs, and writes each result in plan order.</summary>
/// <param name="command">The cmdlet.</param>
/// <param name="open">Opens what moves them.</param>
/// <param name="force">Whether an image is moved even if it is up to date.</param>
/// <param name="stopping">Is canceled when the pipeline stops.</param>
internal sealed class MoveSession(
    PlanCommand command, Func<StoreRequest, CancellationToken, Task<IMover>> open, bool force, CancellationToken stopping)
{
    private readonly PipelinePump _pump = new(stopping);

    public void Run(IReadOnlyList<RetagPlan> plans)
    {
        // All names are checked before the first question is asked, and long before anything moves.
        var steps = plans.Select(Check).OfType<MoveStep>().ToList();
        try
        {
            var moves = steps.Select(step => step.Move).OfType<RetagMove>().ToList();
            var request = new StoreRequest(null, RegistryCredentials.From(command.Credential, command.RegistryCredential, moves.SelectMany(move => move.Registries)))
            {
                Registries = RegistrySettings.Unite(moves.SelectMany(move => move.Plan.RegistrySetting ?? [])),
            };
            command.WarnWhereAllAreSkipped(steps.Select(step => step.Plan));

            var approved = steps.Select(Ask).ToList();
            _pump.Run(cancellation => RunAsync(approved, request, cancellation));
        }
        catch (CraneException error)
        {
            command.ThrowTerminatingError(ErrorRecords.From(error));
        }
    }

    private MoveStep? Check(RetagPlan plan)
    {
        if (plan.Status == RetagStatus.Skipped)
            return new MoveStep(plan, null);
        return command.TryCheck(() => RetagMove.Of(plan)) is { } move ? new MoveStep(move.Plan, move) : null;
    }

    private MoveStep Ask(MoveStep step) => step.Move is null || Approves(step.Move) ? step : step with { Move = null };

    private bool Approves(RetagMove move) => command.ShouldProcess(move.Target.ToString(), move.Plan.Operation switch
    {
        RetagOperation.Pull => $"Pull from {move.Source}",
        RetagOperation.Push => $"Push {move.Source}",
        _ => $"Copy from {move.Source}",
    });

    private async Task RunAsync(List<MoveStep> steps, StoreRequest request, CancellationToken cancellation)
    {
        var moves = steps.Select(step => step.Move).OfType<RetagMove>().ToList();
        var observer = new RunStreams(command, _pump, moves.Select(move => move.Plan));
        var traced = request with { Trace = observer.Trace, Warn = observer.Warn };
        var options = new RunOptions(command.ThrottleLimit, force, command.StopsAtErrors);
        var adapters = Adapters.Current;
        await using var outcomes = StoreRun.RunAsync(
            token => open(traced, token),
            mover => new PlanRunner(mover, adapters.Retry, observer, options).RunAsync(moves, cancellation),
            moves.Select(move => move.Plan).ToList(),
            cancellation).GetAsyncEnumerator(cancellation);

        foreach (var step in steps)
        {
            if (step.Move is null)
                Post(new RunOutcome(new RetagResult(step.Plan), null));
            else if (await outcomes.MoveNextAsync())
                Post(outcomes.Current);
        }

        // What the run says about itself as a whole, it says at its end.
        await outcomes.MoveNextAsync();
        observer.Completed();
    }

    private void Post(RunOutcome outcome) => _pump.Post(() => command.Write(outcome));

    // A plan in its place among the others; without a move where it is skipped or was not approved.
    private sealed record MoveStep(RetagPlan Plan, RetagMove? Move);
}

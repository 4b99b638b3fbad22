using System.Net;
using Crane.Execution;
using Crane.Loading;
using Crane.Planning;
using Crane.Stores;

namespace Crane.Commands;

/// <summary>One run of a cmdlet that moves images: checks, asks, runs, and writes each result in plan order.</summary>
internal sealed class MoveSession(MoveCommand command, CancellationToken stopping)
{
    private readonly PipelinePump _pump = new(stopping);

    public void Run(IReadOnlyList<RetagPlan> plans)
    {
        // All names are checked before the first question is asked, and long before anything moves.
        var steps = plans.Select(Check).OfType<MoveStep>().ToList();
        try
        {
            var credentials = RegistryCredentials.From(command, steps.Select(step => step.Move).OfType<RetagMove>().Select(move => move.Remote.Registry));
            command.WarnWhereAllAreSkipped(steps.Select(step => step.Plan));

            var approved = steps.Select(Ask).ToList();
            _pump.Run(cancellation => RunAsync(approved, credentials, cancellation));
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

    private bool Approves(RetagMove move) => move.Plan.Operation == RetagOperation.Pull
        ? command.ShouldProcess(move.Target.ToString(), $"Pull from {move.Source}")
        : command.ShouldProcess(move.Target.ToString(), $"Push {move.Source}");

    private async Task RunAsync(
        List<MoveStep> steps, IReadOnlyDictionary<string, NetworkCredential> credentials, CancellationToken cancellation)
    {
        var moves = steps.Select(step => step.Move).OfType<RetagMove>().ToList();
        var observer = new RunStreams(command, _pump, moves.Select(move => move.Plan));
        var request = new StoreRequest(command.Engine, credentials) { Trace = observer.Trace };
        var options = new RunOptions(command.ThrottleLimit, command.Force, command.StopsAtErrors);
        var adapters = Adapters.Current;
        await using var outcomes = StoreRun.RunAsync(
            token => adapters.OpenMoverAsync(request, token),
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

        observer.Completed();
    }

    private void Post(RunOutcome outcome) => _pump.Post(() => command.Write(outcome));

    // A plan in its place among the others; without a move where it is skipped or was not approved.
    private sealed record MoveStep(RetagPlan Plan, RetagMove? Move);
}

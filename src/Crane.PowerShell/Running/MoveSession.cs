using System.Runtime.CompilerServices;
using Crane.Commands.Base;
using Crane.Loading;
using Crane.Moving.Content;
using Crane.Moving.Run;
using Crane.Planning;

namespace Crane.Running;

/// <summary>One run of a cmdlet that moves images: checks the plans, asks for approval, and writes results in plan order.</summary>
/// <param name="transfer">Which parts of an image are moved, where the mover chooses.</param>
internal sealed class MoveSession(
    PlanCommand command, IReadOnlyList<EngineChoice> engines, TransferOptions transfer,
    Func<StoreRequest, CancellationToken, Task<IMover>> open)
{
    /// <summary>A session that moves images between registries and the cmdlet's engine.</summary>
    public MoveSession(EngineMoveCommand command)
        : this(
            command, command.Engines, new TransferOptions(),
            (store, cancellation) => Adapters.Current.OpenMoverAsync(store, command.ThrottleLimit, cancellation))
    {
    }

    public void Run(IReadOnlyList<RetagPlan> plans)
    {
        // All names are checked before the first prompt.
        var steps = plans.Select(plan => MoveStep.Check(command, plan)).OfType<MoveStep>().ToList();
        var moves = steps.Select(step => step.Move).OfType<CheckedMove>().ToList();
        var session = new PlanSession(command);
        var request = session.Request(moves.SelectMany(move => move.Registries)) with
        {
            Registries = RegistrySettings.Merge(moves.SelectMany(move => move.Plan.RegistrySetting ?? [])),
        };
        command.WarnIfAllAreSkipped(steps.Select(step => step.Plan));

        if (command.IsWhatIf)
        {
            Preview(steps, new MovePreview(command, engines, transfer).Run(request, moves));
            return;
        }

        // A plan that cannot be run is missing here.
        if (command is { Options.IsAtomic: true, HasErrors: true })
        {
            foreach (var step in steps)
                command.Write(step.Move is null ? new RunOutcome(new RetagResult(step.Plan), null) : Kept(step.Plan));
            return;
        }

        var asked = steps.Select(Ask).ToList();
        var approved = asked.Select(step => step.Move).OfType<CheckedMove>().ToList();
        session.Run(approved.Select(move => move.Plan), request, (watched, observer, options, cancellation) => Results(
            asked,
            [
                .. engines.Select(engine => StoreRun.RunAsync(
                    token => open(engine.Of(watched), token),
                    mover => new PlanRunner(mover, Adapters.Current.Retry, observer, options).RunAsync(approved, cancellation),
                    approved.Select(move => move.Plan).ToList(),
                    cancellation,
                    engine.Engine)),
            ],
            cancellation));
    }

    /// <summary>The outcome of a plan in an atomic run that begins nothing, because another plan cannot be run.</summary>
    public static RunOutcome Kept(RetagPlan plan) => new(
        new RetagResult(plan) { Status = RetagStatus.Canceled, Reason = "stack kept as it was: not all plans can be run" }, null);

    private void Preview(IReadOnlyList<MoveStep> steps, IReadOnlyList<IReadOnlyList<RunOutcome>> previews)
    {
        var next = 0;
        foreach (var step in steps)
        {
            if (step.Move is null)
            {
                command.Write(new RunOutcome(new RetagResult(step.Plan), null));
                continue;
            }

            var outcomes = previews[next++];
            if (outcomes.Any(outcome => outcome.Result.Status == RetagStatus.Planned))
                Approves(step.Plan, MovePreview.Size(outcomes));
            foreach (var outcome in outcomes)
                command.Write(outcome);
        }
    }

    private MoveStep Ask(MoveStep step) => step.Move is null || Approves(step.Move.Plan) ? step : step with { Move = null };

    private bool Approves(RetagPlan plan, string size = "") => command.ShouldProcess(plan.Target, plan.Operation switch
    {
        RetagOperation.Push => $"Push {plan.Source}",
        var operation => $"{operation} from {plan.Source}",
    } + size + EngineRuns.Place(engines));

    // Engines pull at the same time. They push in turn: where two have different images of one name, the second one finds that the
    // target is no longer what it knows.
    private static IAsyncEnumerable<RunOutcome> Results(
        IReadOnlyList<MoveStep> steps, IReadOnlyList<IAsyncEnumerable<RunOutcome>> runs, CancellationToken cancellation) =>
        runs.Count > 1 && steps.Any(step => step.Plan.Operation == RetagOperation.Push)
            ? EngineRuns.InTurn([.. runs.Select((run, index) => Results(steps, [run], index == 0, cancellation))], cancellation)
            : Results(steps, runs, true, cancellation);

    private static async IAsyncEnumerable<RunOutcome> Results(
        IReadOnlyList<MoveStep> steps, IReadOnlyList<IAsyncEnumerable<RunOutcome>> runs, bool withUnmoved,
        [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var outcomes = EngineRuns.Together(runs, cancellation).GetAsyncEnumerator(cancellation);
        foreach (var step in steps)
        {
            if (step.Move is null && withUnmoved)
                yield return new RunOutcome(new RetagResult(step.Plan), null);
            for (var left = step.Move is null ? 0 : runs.Count; left > 0 && await outcomes.MoveNextAsync(); left--)
                yield return outcomes.Current;
        }

        // Lets the runs end, where errors of a whole run are thrown.
        await outcomes.MoveNextAsync();
    }
}

using System.Runtime.CompilerServices;
using Crane.Moving.Run;
using Crane.Planning;

namespace Crane.Building;

/// <summary>
/// Pulls images, then builds the others. A build whose base was not pulled is not begun: the builder would pull another image.
/// </summary>
/// <param name="pull">Runs moves, and returns their outcomes in order.</param>
/// <param name="build">Runs builds, and returns the outcomes of all nodes in order.</param>
/// <param name="observer">Is notified when an image that was not pulled is built instead.</param>
/// <param name="stopOnError">Whether to build nothing after a failed pull.</param>
internal sealed class ProvisionRunner(
    Func<IReadOnlyList<CheckedMove>, IAsyncEnumerable<RunOutcome>> pull,
    Func<IReadOnlyList<BuildNode>, IAsyncEnumerable<RunOutcome>> build,
    IRunObserver observer,
    bool stopOnError)
{
    /// <summary>Runs all steps and returns the outcomes in their order, as soon as possible.</summary>
    public async IAsyncEnumerable<RunOutcome> RunAsync(
        IReadOnlyList<ProvisionStep> steps, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var outcomes = new RunOutcome?[steps.Count];
        var reasons = new string?[steps.Count];
        var given = 0;
        var pulled = Enumerable.Range(0, steps.Count).Where(index => steps[index].Pull is not null).ToList();
        var moves = pulled.Select(index => steps[index].Pull! with { IsElseBuilt = steps[index].IsBuilt }).ToList();
        await using (var ended = pull(moves).GetAsyncEnumerator(cancellation))
        {
            foreach (var index in pulled)
            {
                await ended.MoveNextAsync();
                if (steps[index].IsBuilt && ended.Current.IsOfMissingImage)
                {
                    reasons[index] = $"{ended.Current.Result.Source} was not pulled: {ended.Current.Result.Error}";
                    observer.Step(steps[index].Node.Plan, reasons[index]!);
                }
                else
                {
                    outcomes[index] = ended.Current;
                }

                for (; given < steps.Count && outcomes[given] is { } next; given++)
                    yield return next;
            }
        }

        var isStopped = stopOnError && outcomes.Any(outcome => outcome?.Error is not null);
        var nodes = steps.Select((step, index) => step.Node with
        {
            Outcome = outcomes[index] ?? (isStopped && step.Node.IsWanted ? Canceled(step.Node.Plan) : null),
        }).ToList();
        var position = 0;
        await foreach (var outcome in build(nodes).WithCancellation(cancellation))
        {
            if (position >= given)
                yield return reasons[position] is { } reason ? outcome with { Result = outcome.Result with { Reason = reason } } : outcome;
            position++;
        }
    }

    private static RunOutcome Canceled(RetagPlan plan) => new(new RetagResult(plan) { Status = RetagStatus.Canceled }, null);
}

/// <summary>How one image gets its plain name.</summary>
/// <param name="Node">Its node in the graph, and how it is built, if it is.</param>
/// <param name="Pull">The pull, which may be tried before a build; null for none.</param>
internal sealed record ProvisionStep(BuildNode Node, CheckedMove? Pull)
{
    /// <summary>Whether the image is built if it is not pulled.</summary>
    public bool IsBuilt => Node.Plan.Operation == RetagOperation.Build;
}

using Crane.Core.Tests.Execution;
using Crane.Moving.Content;
using Crane.Moving.Run;
using Crane.Planning;

namespace Crane.Core.Tests.Transfer;

/// <summary>Copies between registries in memory, for the tests of how content moves.</summary>
public abstract class ContentMoverTestBase
{
    private readonly Runs _runs = new(new MemoryStore());

    private protected MemoryContent Content { get; } = new();

    private protected TransferOptions Options { get; set; } = new();

    private protected int ThrottleLimit { get; set; } = 8;

    private protected Task<IReadOnlyList<RunOutcome>> CopyAsync(params (string Source, string Target)[] copies) => CopyAsync(Content, false, copies);

    private protected Task<IReadOnlyList<RunOutcome>> CopyAsync(bool force, params (string Source, string Target)[] copies) =>
        CopyAsync(Content, force, copies);

    private protected async Task<IReadOnlyList<RunOutcome>> CopyAsync(MemoryContent content, bool force, params (string Source, string Target)[] copies)
    {
        var moves = copies.Select(copy => CheckedMove.Check(new RetagPlan { Operation = RetagOperation.Copy, Source = copy.Source, Target = copy.Target }));
        await using var mover = new ContentMover(new ContentStores(content, null, () => content.Calls.Count), Options, ThrottleLimit, _runs);
        List<RunOutcome> outcomes = [];
        await foreach (var outcome in new PlanRunner(mover, _runs, _runs, new RunOptions(ThrottleLimit, force, false))
            .RunAsync(moves.ToList(), TestContext.Current.CancellationToken))
        {
            outcomes.Add(outcome);
        }

        return outcomes;
    }
}

using System.Runtime.CompilerServices;

namespace Crane.Moving.Run;

/// <summary>
/// Runs plans that give names while others are still at work, as builds do for those that are based on them. If one of a set fails or is
/// canceled, the names of its set are put back to what they were before the run.
/// </summary>
/// <param name="setOf">The plans whose names change together have the same set; null for a plan without one.</param>
internal sealed class RestoringRun(INames names, IJournal? journal, IRunObserver observer, Func<RetagPlan, string?> setOf)
{
    /// <summary>Runs plans; returns their outcomes when the last one is known.</summary>
    /// <param name="plans">The plans that may change names.</param>
    public async IAsyncEnumerable<RunOutcome> RunAsync(
        IEnumerable<RetagPlan> plans, IAsyncEnumerable<RunOutcome> run, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var before = new List<NameChange>();
        foreach (var target in plans.Where(plan => setOf(plan) is not null).Select(plan => ImageName.Parse(plan.Target)).Distinct())
            before.Add(new(target, await names.FindAsync(target, cancellation), null));
        await using var entry = journal is null
            ? null : await journal.BeginAsync(new JournalEntry(names.Store, before) { IsComplete = false }, cancellation);

        var outcomes = new List<RunOutcome>();
        try
        {
            await foreach (var outcome in run.WithCancellation(CancellationToken.None))
                outcomes.Add(outcome);
        }
        catch
        {
            foreach (var left in (await PutBackAsync(before)).Values)
                observer.Warn(left.Message);
            throw;
        }

        var broken = new Dictionary<string, RetagResult>(StringComparer.Ordinal);
        foreach (var result in outcomes.Select(outcome => outcome.Result))
        {
            if (result.Status is RetagStatus.Failed or RetagStatus.Canceled && setOf(result.Plan) is { } set)
                broken.TryAdd(set, result);
        }

        var kept = outcomes.Where(outcome => BrokenIn(outcome) is not null)
            .Select(outcome => ImageName.TryParse(outcome.Result.Target, out var target) ? target : null).ToHashSet();
        var stuck = await PutBackAsync(before.Where(change => kept.Contains(change.Name)));
        foreach (var outcome in outcomes)
        {
            var left = ImageName.TryParse(outcome.Result.Target, out var target) ? stuck.GetValueOrDefault(target) : null;
            if (left is not null && outcome.Error is not null)
                observer.Warn(left.Message);
            yield return left is not null && outcome.Error is null ? RunOutcome.Failed(outcome.Result, left)
                : BrokenIn(outcome) is { } why ? StagedSets.Kept(outcome, why)
                : outcome;
        }

        RetagResult? BrokenIn(RunOutcome outcome) => setOf(outcome.Result.Plan) is { } set ? broken.GetValueOrDefault(set) : null;
    }

    // Not with the token of the run, which may be canceled. Returns the names that stay changed.
    private async Task<IReadOnlyDictionary<ImageName, CraneException>> PutBackAsync(IEnumerable<NameChange> before)
    {
        var stuck = new Dictionary<ImageName, CraneException>();
        foreach (var change in before)
        {
            try
            {
                if (await names.FindAsync(change.Name, CancellationToken.None) != change.Before)
                    await names.SetAsync([change.Old], CancellationToken.None);
            }
            catch (CraneException error)
            {
                stuck[change.Name] = MoveErrors.NotPutBack(change, error);
            }
        }

        return stuck;
    }
}

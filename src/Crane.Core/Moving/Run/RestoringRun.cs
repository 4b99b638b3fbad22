using System.Runtime.CompilerServices;

namespace Crane.Moving.Run;

/// <summary>
/// Runs plans that give names while others are still at work, as builds do for those that are based on them. If one of them fails or is
/// canceled, all names are put back to what they were before the run.
/// </summary>
internal sealed class RestoringRun(INames names, IJournal? journal, IRunObserver observer)
{
    /// <summary>Runs plans; returns their outcomes when the last one is known.</summary>
    /// <param name="targets">The names that the plans may change.</param>
    public async IAsyncEnumerable<RunOutcome> RunAsync(
        IEnumerable<ImageName> targets, IAsyncEnumerable<RunOutcome> run, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var before = new List<NameChange>();
        foreach (var target in targets.Distinct())
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

        if (outcomes.Find(outcome => outcome.Result.Status is RetagStatus.Failed or RetagStatus.Canceled)?.Result is not { } broken)
        {
            foreach (var outcome in outcomes)
                yield return outcome;
            yield break;
        }

        var stuck = await PutBackAsync(before);
        foreach (var outcome in outcomes)
        {
            var left = ImageName.TryParse(outcome.Result.Target, out var target) ? stuck.GetValueOrDefault(target) : null;
            if (left is not null && outcome.Error is not null)
                observer.Warn(left.Message);
            yield return left is not null && outcome.Error is null
                ? RunOutcome.Failed(outcome.Result, left) : StagedSets.Kept(outcome, broken);
        }
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

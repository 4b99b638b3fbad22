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
            await PutBackAsync(before);
            throw;
        }

        var broken = outcomes.Find(outcome => outcome.Result.Status is RetagStatus.Failed or RetagStatus.Canceled)?.Result;
        if (broken is not null)
            await PutBackAsync(before);
        foreach (var outcome in outcomes)
            yield return broken is null ? outcome : StagedSets.Kept(outcome, broken);
    }

    // Not with the token of the run, which may be canceled.
    private async Task PutBackAsync(IEnumerable<NameChange> before)
    {
        foreach (var change in before)
        {
            try
            {
                if (await names.FindAsync(change.Name, CancellationToken.None) != change.Before)
                    await names.SetAsync([change.Old], CancellationToken.None);
            }
            catch (CraneException error)
            {
                observer.Warn($"'{change.Name}' could not be put back to {change.Before ?? "nothing"}: {error.Message}");
            }
        }
    }
}

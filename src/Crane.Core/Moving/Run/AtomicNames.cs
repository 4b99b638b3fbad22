
namespace Crane.Moving.Run;

/// <summary>Changes names of a store together: all of them, or none.</summary>
internal sealed class AtomicNames(INames names, IJournal? journal)
{
    /// <summary>Changes the names. If one cannot be changed, those that were are put back.</summary>
    /// <param name="stuck">Receives the changes that could not be put back, each with its error.</param>
    /// <exception cref="CraneException">Why a name could not be changed; the full name is the subject, where it is known.</exception>
    public async Task ChangeAsync(
        IReadOnlyList<NameChange> changes, Action<NameChange, CraneException> stuck, CancellationToken cancellation)
    {
        if (changes.Count == 0)
            return;
        // One name changes at once anyway.
        await using var entry = changes.Count == 1 || journal is null
            ? null : await journal.BeginAsync(new JournalEntry(names.Store, changes), cancellation);
        try
        {
            await names.SetAsync([.. changes.Select(change => change.New)], cancellation);
        }
        catch (CraneException error)
        {
            throw await PutBackAsync(changes, stuck) is { } broken ? error.About(broken.Name.FullName) : error;
        }
        catch
        {
            await PutBackAsync(changes, stuck);
            throw;
        }
    }

    /// <summary>Finishes what killed runs have begun, or puts it back where that is not possible.</summary>
    /// <param name="warn">Receives what was done.</param>
    public async Task RecoverAsync(Action<string> warn, CancellationToken cancellation)
    {
        if (journal is null)
            return;
        try
        {
            await journal.RecoverAsync(names.Store, entry => RecoverAsync(entry, warn, cancellation), cancellation);
        }
        catch (CraneException error)
        {
            warn(
                "An earlier run that was interrupted could not be finished; the next run tries again: "
                + $"{error.Message} {error.RecommendedAction}");
        }
    }

    private async Task RecoverAsync(JournalEntry entry, Action<string> warn, CancellationToken cancellation)
    {
        // A name that has neither image was changed by somebody else since.
        var ours = new List<NameChange>();
        foreach (var change in entry.Changes)
            if (await names.FindAsync(change.Name, cancellation) is var now
                && (now == change.Before || now == change.After || !entry.IsComplete))
                ours.Add(change);

        var list = string.Join(", ", ours.Select(change => change.Name));
        if (entry.IsComplete && await TrySetAsync([.. ours.Select(change => change.New)], cancellation))
        {
            warn($"An earlier run was interrupted while it named images; it was finished: {list}.");
            return;
        }

        await names.SetAsync([.. ours.Select(change => change.Old)], cancellation);
        warn($"An earlier run was interrupted; the names are as they were before it: {list}.");
    }

    private async Task<bool> TrySetAsync(IReadOnlyList<NamedImage> all, CancellationToken cancellation)
    {
        try
        {
            await names.SetAsync(all, cancellation);
            return true;
        }
        catch (CraneException)
        {
            return false;
        }
    }

    // Not with the token of the run, which may be canceled. One that cannot be put back does not keep the others from it.
    // Returns the first change that was not made.
    private async Task<NameChange?> PutBackAsync(IReadOnlyList<NameChange> changes, Action<NameChange, CraneException> stuck)
    {
        NameChange? first = null;
        foreach (var change in changes.Reverse())
        {
            try
            {
                if (await names.FindAsync(change.Name, CancellationToken.None) != change.After)
                    first = change;
                else if (change.After != change.Before)
                    await names.SetAsync([change.Old], CancellationToken.None);
            }
            catch (CraneException error)
            {
                stuck(change, MoveErrors.NotPutBack(change, error));
            }
        }

        return first;
    }
}

namespace Crane.Moving.Run;

/// <summary>
/// Ends moves: those of a set get their names together when all of them have arrived. If one fails, the others keep the names that they
/// had, and are Canceled.
/// </summary>
/// <param name="setOf">For each move the name of its set; null for one that is moved with its name.</param>
internal sealed class StagedSets(IMover mover, IRunObserver observer, RunOptions options, IReadOnlyList<string?> setOf)
{
    private readonly Dictionary<string, Task<CraneException?>> _named = new(StringComparer.Ordinal);

    /// <summary>The outcome of a move, when it and those of its set have ended.</summary>
    public async Task<RunOutcome> EndAsync(IReadOnlyList<Task<StagedOutcome>> running, int index, RunToken run)
    {
        var own = await running[index];
        if (setOf[index] is not { } set)
            return own.Outcome;
        var members = await Task.WhenAll(running.Where((_, other) => setOf[other] == set));
        if (members.FirstOrDefault(member => member.Image is null)?.Outcome is { } broken)
            return own.Image is null ? own.Outcome : Kept(own.Outcome, broken.Result);

        Task<CraneException?> named;
        lock (_named)
            named = _named.TryGetValue(set, out var begun) ? begun : _named[set] = NameAsync(members, run.Token);
        var error = await named;
        if (error is null || own.Image is not { Names.Count: > 0 })
            return own.Outcome;
        // The error is that of the whole set: the first of its moves reports it.
        return ReferenceEquals(own, members.First(member => member.Image is { Names.Count: > 0 }))
            ? run.Note(RunOutcome.Failed(own.Outcome.Result, error))
            : Kept(own.Outcome, members[0].Outcome.Result);
    }

    private async Task<CraneException?> NameAsync(IReadOnlyList<StagedOutcome> members, CancellationToken cancellation)
    {
        try
        {
            // A registry or folder is one store for all operations of a run; pulls and pushes through an engine are apart.
            foreach (var store in members.GroupBy(member => mover.NamesOf(member.Outcome.Result.Operation)))
                await new AtomicNames(store.Key, options.Journal).ChangeAsync(
                    [.. store.SelectMany(member => member.Image!.Names).Distinct()], observer.Warn, cancellation);
            foreach (var member in members)
                await member.Image!.NamedAsync(cancellation);
            return null;
        }
        catch (Exception failure) when (CraneException.IsFailure(failure, cancellation))
        {
            return CraneException.From(failure);
        }
        catch (OperationCanceledException)
        {
            return new CraneException(CraneErrorId.TagFailed, "The run was stopped before the images had their names.", "Run it again.");
        }
    }

    /// <summary>The outcome of an image that keeps its former name because of another one.</summary>
    public static RunOutcome Kept(RunOutcome outcome, RetagResult broken)
    {
        if (outcome.Result.Status != RetagStatus.Succeeded)
            return outcome;
        var name = broken.Container.Length > 0 ? broken.Container : broken.Target;
        return outcome with
        {
            Result = outcome.Result with
            {
                Status = RetagStatus.Canceled,
                Reason = $"stack kept as it was: '{name}' {(broken.Status == RetagStatus.Canceled ? "was canceled" : "failed")}",
                PreviousDigest = null,
                PreviousId = null,
            },
        };
    }
}

/// <summary>How a move has ended, but for the names of its set.</summary>
/// <param name="Image">The image that has arrived; null for one that has failed, was canceled, or has its name already.</param>
internal sealed record StagedOutcome(RunOutcome Outcome, StagedImage? Image);

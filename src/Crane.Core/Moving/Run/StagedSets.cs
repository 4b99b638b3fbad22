namespace Crane.Moving.Run;

/// <summary>
/// Ends moves: those of a set get their names together when all of them have arrived. If one fails, the others keep the names that they
/// had, and are Canceled.
/// </summary>
/// <param name="setOf">For each move the name of its set; null for one that is moved with its name.</param>
internal sealed class StagedSets(IMover mover, IRunObserver observer, RunOptions options, IReadOnlyList<string?> setOf)
{
    private readonly Dictionary<string, Task<NamingEnd>> _named = new(StringComparer.Ordinal);

    /// <summary>The outcome of a move, when it and those of its set have ended.</summary>
    public async Task<RunOutcome> EndAsync(IReadOnlyList<Task<StagedOutcome>> running, int index, RunToken run)
    {
        var own = await running[index];
        if (setOf[index] is not { } set)
            return own.Outcome;
        try
        {
            return await EndAsync(running, own, set, run);
        }
        finally
        {
            if (own.Image is { } image)
                await image.ReleaseAsync();
        }
    }

    private async Task<RunOutcome> EndAsync(IReadOnlyList<Task<StagedOutcome>> running, StagedOutcome own, string set, RunToken run)
    {
        var members = await Task.WhenAll(running.Where((_, other) => setOf[other] == set));
        if (members.FirstOrDefault(member => member.Image is null)?.Outcome is { } broken)
            return own.Image is null ? own.Outcome : Kept(own.Outcome, broken.Result);

        Task<NamingEnd> named;
        lock (_named)
            named = _named.TryGetValue(set, out var begun) ? begun : _named[set] = NameAsync(members, run.Token);
        var end = await named;
        if (own.Image is not { Names.Count: > 0 })
            return own.Outcome;
        var isBroken = ReferenceEquals(own, end.Broken);
        if (end.StuckOf(own.Image) is { } stuck)
        {
            if (!isBroken)
                return run.Note(RunOutcome.Failed(own.Outcome.Result, stuck));
            observer.Warn(stuck.Message);
        }

        if (end.Error is { } error)
            return isBroken
                ? run.Note(RunOutcome.Failed(Unchanged(own.Outcome.Result), error))
                : Kept(own.Outcome, end.Broken!.Outcome.Result);
        return end.IsCanceled ? Canceled(own.Outcome, "") : await NamedAsync(own, run);
    }

    private static async Task<RunOutcome> NamedAsync(StagedOutcome own, RunToken run)
    {
        try
        {
            await own.Image!.NamedAsync(CancellationToken.None);
            return own.Outcome;
        }
        catch (Exception failure) when (CraneException.IsFailure(failure))
        {
            return run.Note(RunOutcome.Failed(own.Outcome.Result, CraneException.From(failure)));
        }
    }

    private async Task<NamingEnd> NameAsync(IReadOnlyList<StagedOutcome> members, CancellationToken cancellation)
    {
        var stuck = new Dictionary<NameChange, CraneException>();
        try
        {
            // A registry or folder is one store for all operations of a run; pulls and pushes through an engine are apart.
            foreach (var store in members.GroupBy(member => mover.NamesOf(member.Outcome.Result.Operation)))
                await new AtomicNames(store.Key, options.Journal).ChangeAsync(
                    [.. store.SelectMany(member => member.Image!.Names).Distinct()], stuck.Add, cancellation);
            return new NamingEnd();
        }
        catch (Exception failure) when (CraneException.IsFailure(failure, cancellation))
        {
            var error = CraneException.From(failure);
            var changing = members.Where(member => member.Image!.Names.Count > 0).ToList();
            return new NamingEnd
            {
                Error = error,
                Stuck = stuck,
                // The whole set has failed: the first of its moves reports it, where no name is known to be the cause.
                Broken = changing.Find(member => member.Image!.Names.Any(change => change.Name.FullName == error.Subject as string))
                    ?? changing[0],
            };
        }
        catch (OperationCanceledException)
        {
            return new NamingEnd { IsCanceled = true, Stuck = stuck };
        }
    }

    /// <summary>The outcome of an image that keeps its former name because of another one.</summary>
    public static RunOutcome Kept(RunOutcome outcome, RetagResult broken)
    {
        var name = broken.Container.Length > 0 ? broken.Container : broken.Target;
        return Canceled(outcome, $"stack kept as it was: '{name}' {(broken.Status == RetagStatus.Canceled ? "was canceled" : "failed")}");
    }

    private static RunOutcome Canceled(RunOutcome outcome, string reason) => outcome.Result.Status != RetagStatus.Succeeded
        ? outcome
        : outcome with { Result = Unchanged(outcome.Result) with { Status = RetagStatus.Canceled, Reason = reason } };

    private static RetagResult Unchanged(RetagResult result) =>
        result with { Digest = result.Plan.Digest, PreviousDigest = null, PreviousId = null };

    /// <summary>How the names of a set have been changed.</summary>
    private sealed record NamingEnd
    {
        public bool IsCanceled { get; init; }

        /// <summary>Why they are as they were; null if they have changed.</summary>
        public CraneException? Error { get; init; }

        /// <summary>The move that reports the error.</summary>
        public StagedOutcome? Broken { get; init; }

        /// <summary>The changes that could not be put back, and why.</summary>
        public IReadOnlyDictionary<NameChange, CraneException> Stuck { get; init; } = new Dictionary<NameChange, CraneException>();

        public CraneException? StuckOf(StagedImage image) =>
            image.Names.Select(change => Stuck.GetValueOrDefault(change)).OfType<CraneException>().FirstOrDefault();
    }
}

/// <summary>How a move has ended, but for the names of its set.</summary>
/// <param name="Image">The image that has arrived; null for one that has failed, was canceled, or has its name already.</param>
internal sealed record StagedOutcome(RunOutcome Outcome, StagedImage? Image);

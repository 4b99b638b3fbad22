using System.Runtime.CompilerServices;
using Crane.Planning;

namespace Crane.Moving.Run;

/// <summary>Runs moves in parallel.</summary>
internal sealed class PlanRunner(IMover mover, IRetryPolicy retry, IRunObserver observer, RunOptions options)
{
    private readonly SharedLayers _shared = new();

    /// <summary>
    /// Runs all moves and returns the outcomes in their order, as soon as possible. Moves also start in that order. A failed move does not
    /// stop the others, except those that get their names together with it. Identical moves are run once. After a cancellation, moves that
    /// have not ended are Canceled.
    /// </summary>
    public async IAsyncEnumerable<RunOutcome> RunAsync(
        IReadOnlyList<CheckedMove> moves, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var distinct = moves.DistinctBy(MoveKey.Of).ToList();
        using var run = new RunToken(options.StopOnError, cancellation);
        foreach (var names in distinct.Select(move => mover.NamesOf(move.Plan.Operation)).Distinct())
            await new AtomicNames(names, options.Journal).RecoverAsync(observer.Warn, cancellation);
        var after = await mover.OrderAsync(distinct, options.ThrottleLimit, cancellation);
        var sets = new StagedSets(mover, observer, options, [.. distinct.Select(SetOf)]);
#pragma warning disable CA2025 // All of them have ended before the token is disposed: see the finally below.
        var running = Schedule.Start(
            after,
            mover.ImagesAtOnce(options.ThrottleLimit),
            (index, _) => RunOneAsync(distinct[index], SetOf(distinct[index]) is not null, run),
            index => new StagedOutcome(Work(distinct[index]).Canceled(), null),
            run.Token);
        var ended = distinct.Select((move, index) => sets.EndAsync(running, index, run)).ToList();
#pragma warning restore CA2025
        var byKey = new Dictionary<MoveKey, Task<RunOutcome>>(distinct.Count);
        for (var index = 0; index < distinct.Count; index++)
            byKey.Add(MoveKey.Of(distinct[index]), ended[index]);
        var counted = new HashSet<MoveKey>();
        try
        {
            foreach (var move in moves)
            {
                var key = MoveKey.Of(move);
                var outcome = await byKey[key];
                var result = outcome.Result.For(move.Plan);
                // The bytes of identical moves count once.
                yield return outcome with { Result = counted.Add(key) ? result : result with { SizeBytes = 0 } };
            }

            if (mover.Summary() is { } summary)
                observer.Note(summary);
        }
        finally
        {
            // If the caller stops early, no work may outlive the mover.
            await Task.WhenAll(ended);
        }
    }

    // A pull that may be followed by a build keeps no others from their names. A gate decides about one image, as if it were a set of
    // its own.
    private string? SetOf(CheckedMove move) =>
        options.IsAtomic && !move.IsElseBuilt ? "-Atomic"
        : move is { IsElseBuilt: false, Plan.AtomicGroup: { } group } ? $"{move.Plan.Operation} {move.Plan.Path} {group}"
        : options.Gate?.Guards(move.Plan) is true ? $"{move.Plan.Operation} {move.Plan.Source} {move.Plan.Target}"
        : null;

    private PlanWork Work(CheckedMove move) => new(move.Plan, mover.Name, observer);

    private async Task<StagedOutcome> RunOneAsync(CheckedMove move, bool isStaged, RunToken run)
    {
        var cancellation = run.Token;
        var meter = new TransferMeter(move.Plan, _shared, observer);
        var context = new MoveContext(move, options.Force, options.OverwriteOf(move.Plan), meter, observer);
        StagedImage? staged = null;
        var outcome = await Work(move).RunAsync(
            async () =>
            {
                if (!isStaged)
                    return await TryAsync(mover.MoveAsync);
                staged = await TryAsync(mover.StageAsync);
                if (staged.Names.Count > 0 && options.Gate?.Guards(move.Plan) is true)
                    await options.Gate.CheckAsync(context, staged, cancellation);
                return staged.End;
            },
            () => meter.Bytes,
            cancellation);
        if (!move.IsElseBuilt || !outcome.IsOfMissingImage)
            run.Note(outcome);
        if (outcome.Result.Status is RetagStatus.Succeeded or RetagStatus.UpToDate)
            return new StagedOutcome(outcome, staged);
        if (staged is not null)
            await staged.ReleaseAsync();
        return new StagedOutcome(outcome, null);

        Task<T> TryAsync<T>(Func<MoveContext, CancellationToken, Task<T>> work) => retry.RunAsync(
            token => work(context, token),
            (error, pause) =>
            {
                context.Step($"retrying in {pause.TotalSeconds:0.0} s: {error.Message}");
                context = context with { IsRetry = true };
            },
            cancellation);
    }

    /// <summary>What identical moves have in common.</summary>
    private sealed record MoveKey(RetagOperation Operation, string From, string Target)
    {
        public static MoveKey Of(CheckedMove move) => new(move.Plan.Operation, move.From.FullName, move.Target.FullName);
    }
}

/// <summary>The options of a run.</summary>
/// <param name="ThrottleLimit">The number of images to move at the same time, at least 1.</param>
/// <param name="Force">Whether to move images that are up to date.</param>
/// <param name="StopOnError">Whether the first failure stops the run.</param>
internal sealed record RunOptions(int ThrottleLimit, bool Force, bool StopOnError)
{
    /// <summary>Whether all images get their names together or not at all.</summary>
    public bool IsAtomic { get; init; }

    /// <summary>Whether existing targets in registries may be replaced; null for what the plans say.</summary>
    public OverwriteMode? Overwrite { get; init; }

    /// <summary>Where names that are changed together are remembered; null if none are.</summary>
    public IJournal? Journal { get; init; }

    /// <summary>Decides whether images may have their names; null if all may.</summary>
    public IGate? Gate { get; init; }

    /// <summary>Whether the target of a plan may be replaced. Force goes beyond a lease, but not beyond never.</summary>
    public OverwriteMode OverwriteOf(RetagPlan plan) => Overwrite ?? plan.Overwrite switch
    {
        null or OverwriteMode.Lease => Force ? OverwriteMode.Always : OverwriteMode.Lease,
        { } mode => mode,
    };
}

/// <summary>Retries work after transient errors, with growing pauses.</summary>
internal interface IRetryPolicy
{
    /// <summary>
    /// Runs work until it succeeds, fails permanently or has no retries left. The last error is no longer transient, so that callers do
    /// not retry it again.
    /// </summary>
    /// <param name="retrying">Receives each error before a retry, and the pause.</param>
    Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> work, Action<CraneException, TimeSpan> retrying, CancellationToken cancellation);
}

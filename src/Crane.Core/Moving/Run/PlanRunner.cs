using System.Runtime.CompilerServices;
using Crane.Planning;

namespace Crane.Moving.Run;

/// <summary>Runs moves in parallel.</summary>
internal sealed class PlanRunner(IMover mover, IRetryPolicy retry, IRunObserver observer, RunOptions options)
{
    private readonly SharedLayers _shared = new();

    /// <summary>
    /// Runs all moves and returns the outcomes in their order, as soon as possible. Moves also start in that order. A failed move does not
    /// stop the others. Identical moves are run once. After a cancellation, moves that have not ended are Canceled.
    /// </summary>
    public async IAsyncEnumerable<RunOutcome> RunAsync(
        IReadOnlyList<CheckedMove> moves, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var distinct = moves.GroupBy(Key).Select(group => group.First()).ToList();
        using var run = new RunToken(options.StopOnError, cancellation);
        var after = await mover.OrderAsync(distinct, options.ThrottleLimit, cancellation);
        var running = Schedule.Start(
            after,
            mover.ImagesAtOnce(options.ThrottleLimit),
            async (index, _) =>
            {
                var outcome = await RunOneAsync(distinct[index], run.Token);
                return distinct[index].IsElseBuilt && outcome.IsOfMissingImage ? outcome : run.Note(outcome);
            },
            index => Work(distinct[index]).Canceled(),
            run.Token);
        var byKey = distinct.Zip(running).ToDictionary(pair => Key(pair.First), pair => pair.Second);
        var counted = new HashSet<(RetagOperation, string, string)>();
        try
        {
            foreach (var move in moves)
            {
                var outcome = await byKey[Key(move)];
                var result = outcome.Result.For(move.Plan);
                // The bytes of identical moves count once.
                yield return outcome with { Result = counted.Add(Key(move)) ? result : result with { SizeBytes = 0 } };
            }

            if (mover.Summary() is { } summary)
                observer.Note(summary);
        }
        finally
        {
            // If the caller stops early, no work may outlive the mover.
            await Task.WhenAll(running);
        }
    }

    private static (RetagOperation, string, string) Key(CheckedMove move) =>
        (move.Plan.Operation, move.Source.FullName, move.Target.FullName);

    private PlanWork Work(CheckedMove move) => new(move.Plan, mover.Name, observer);

    private Task<RunOutcome> RunOneAsync(CheckedMove move, CancellationToken cancellation)
    {
        var meter = new TransferMeter(move.Plan, _shared, observer);
        var run = new MoveContext(move, options.Force, meter, observer);
        return Work(move).RunAsync(
            () => retry.RunAsync(
                token => mover.MoveAsync(run, token),
                (error, pause) => run.Step($"retrying in {pause.TotalSeconds:0.0} s: {error.Message}"),
                cancellation),
            () => meter.Bytes,
            cancellation);
    }
}

/// <summary>The options of a run.</summary>
/// <param name="ThrottleLimit">The number of images to move at the same time, at least 1.</param>
/// <param name="Force">Whether to move images that are up to date.</param>
/// <param name="StopOnError">Whether the first failure stops the run.</param>
internal sealed record RunOptions(int ThrottleLimit, bool Force, bool StopOnError);

/// <summary>Retries work after transient errors, with growing pauses.</summary>
internal interface IRetryPolicy
{
    /// <summary>Runs work until it succeeds, fails permanently or has no retries left.</summary>
    /// <param name="retrying">Receives each error before a retry, and the pause.</param>
    Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> work, Action<CraneException, TimeSpan> retrying, CancellationToken cancellation);
}

using System.Runtime.CompilerServices;
using Crane.Planning;

namespace Crane.Moving.Run;

/// <summary>Runs moves in parallel.</summary>
internal sealed class PlanRunner(IMover mover, IRetryPolicy retry, IRunObserver observer, RunOptions options)
{
    private readonly SharedLayers _shared = new();

    /// <summary>
    /// Runs every move and gives the outcomes in the order of the moves, each as soon as it and those before it are
    /// done. Moves start in that order, too. A move that fails stops no other. The same move asked for twice is run
    /// once. When canceled, what has not ended is Canceled.
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
        var told = new HashSet<(RetagOperation, string, string)>();
        try
        {
            foreach (var move in moves)
            {
                var outcome = await byKey[Key(move)];
                var result = outcome.Result.For(move.Plan);
                // What was moved once counts once.
                yield return outcome with { Result = told.Add(Key(move)) ? result : result with { SizeBytes = 0 } };
            }

            if (mover.Summary() is { } summary)
                observer.Note(summary);
        }
        finally
        {
            // Whoever stops listening must not leave work behind that outlives the mover.
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

/// <summary>How plans are run.</summary>
/// <param name="ThrottleLimit">How many images move at the same time, at least 1.</param>
/// <param name="Force">Whether an image is moved even if it is up to date.</param>
/// <param name="StopOnError">Whether the first failure ends what is under way and keeps the rest from beginning.</param>
internal sealed record RunOptions(int ThrottleLimit, bool Force, bool StopOnError);

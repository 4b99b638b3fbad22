using System.Diagnostics;
using System.Runtime.CompilerServices;
using Crane.Planning;
using Crane.Stores;

namespace Crane.Execution;

/// <summary>Runs moves in parallel on one store.</summary>
internal sealed class PlanRunner(IImageStore store, IRetryPolicy retry, IRunObserver observer, RunOptions options)
{
    private readonly SharedLayers _shared = new();

    /// <summary>
    /// Runs every move and gives the outcomes in the order of the moves, each as soon as it and those before it are
    /// done. Moves start in that order, too. A move that fails stops no other. The same move asked for twice is run
    /// once. When canceled, what has not ended is Canceled.
    /// </summary>
    public async IAsyncEnumerable<RunOutcome> RunAsync(
        IReadOnlyList<RetagMove> moves, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var distinct = moves.GroupBy(Key).Select(group => group.First()).ToList();
        using var throttle = new SemaphoreSlim(options.ThrottleLimit);
        var waits = await LayerLeaders.FindAsync(distinct, store, options.ThrottleLimit, cancellation);
        var running = new Dictionary<object, Task<RunOutcome>>(distinct.Count);
        for (var i = 0; i < distinct.Count; i++)
        {
            var earlier = waits[i].Select(index => running[Key(distinct[index])]).ToList();
#pragma warning disable CA2025 // Every task has ended before the throttle is disposed of: see the finally below.
            running.Add(Key(distinct[i]), RunAfterAsync(earlier, distinct[i], throttle, cancellation));
#pragma warning restore CA2025
        }

        try
        {
            foreach (var move in moves)
            {
                var outcome = await running[Key(move)];
                yield return outcome with { Result = outcome.Result.For(move.Plan) };
            }
        }
        finally
        {
            // Whoever stops listening must not leave work behind that outlives the store.
            await Task.WhenAll(running.Values);
        }
    }

    private static (RetagOperation, string, string) Key(RetagMove move) =>
        (move.Plan.Operation, move.Source.FullName, move.Target.FullName);

    private async Task<RunOutcome> RunAfterAsync(
        IReadOnlyList<Task<RunOutcome>> earlier, RetagMove move, SemaphoreSlim throttle, CancellationToken cancellation)
    {
        await Task.WhenAll(earlier);
        try
        {
            await throttle.WaitAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            return Canceled(move, TimeSpan.Zero);
        }

        try
        {
            return await RunOneAsync(move, cancellation);
        }
        finally
        {
            throttle.Release();
        }
    }

    private async Task<RunOutcome> RunOneAsync(RetagMove move, CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        var meter = new TransferMeter(move.Plan, _shared, observer);
        var run = new MoveRun(move, store, options.Force, meter, observer);
        try
        {
            var end = await retry.RunAsync(
                token => move.Plan.Operation == RetagOperation.Pull
                    ? PullRun.RunAsync(run, token)
                    : PushRun.RunAsync(run, token),
                (error, pause) => run.Step($"trying again in {pause.TotalSeconds:0.0} s: {error.Message}"),
                cancellation);
            return new RunOutcome(Result() with { Status = end.Status, Digest = end.Digest?.ToString() }, null);
        }
        catch (CraneException error)
        {
            return new RunOutcome(Result() with { Status = RetagStatus.Failed, Error = error.Message }, error.About(move.Plan));
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return Canceled(move, watch.Elapsed);
        }
        finally
        {
            observer.Ended(move.Plan);
        }

        RetagResult Result() => new(move.Plan)
        {
            SizeBytes = meter.Bytes,
            Duration = watch.Elapsed,
            Engine = store.Name,
        };
    }

    private RunOutcome Canceled(RetagMove move, TimeSpan duration) => new(
        new RetagResult(move.Plan) { Status = RetagStatus.Canceled, Duration = duration, Engine = store.Name }, null);
}

using System.Runtime.CompilerServices;
using Crane.Planning;
using Crane.Stores;

namespace Crane.Execution;

/// <summary>Runs moves on a store that is opened for them.</summary>
internal static class StoreRun
{
    /// <summary>
    /// Opens the store and runs the moves. Where the store cannot be reached, that is one error, and every move has
    /// failed: a script that repeats what failed finds all of them.
    /// </summary>
    public static async IAsyncEnumerable<RunOutcome> RunAsync(
        Func<CancellationToken, Task<IImageStore>> open,
        Func<IImageStore, PlanRunner> runner,
        IReadOnlyList<RetagMove> moves,
        [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (moves.Count == 0)
            yield break;

        var (store, unreachable) = await TryOpenAsync(open, cancellation);
        if (store is null)
        {
            foreach (var move in moves)
            {
                var failed = new RetagResult(move.Plan) { Status = RetagStatus.Failed, Error = unreachable!.Message };
                yield return new RunOutcome(failed, ReferenceEquals(move, moves[0]) ? unreachable.About(move.Plan) : null);
            }

            yield break;
        }

        await using (store)
        {
            await foreach (var outcome in runner(store).RunAsync(moves, cancellation))
                yield return outcome;
        }
    }

    private static async Task<(IImageStore? Store, CraneException? Unreachable)> TryOpenAsync(
        Func<CancellationToken, Task<IImageStore>> open, CancellationToken cancellation)
    {
        try
        {
            return (await open(cancellation), null);
        }
        catch (CraneException error)
        {
            return (null, error);
        }
    }
}

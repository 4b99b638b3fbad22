using System.Runtime.CompilerServices;

namespace Crane.Execution;

/// <summary>Runs plans on a store or builder that is opened for them.</summary>
internal static class StoreRun
{
    /// <summary>
    /// Opens the store and runs the plans. Where the store cannot be reached, that is one error, and every plan has
    /// failed: a script that repeats what failed finds all of them.
    /// </summary>
    public static async IAsyncEnumerable<RunOutcome> RunAsync<TStore>(
        Func<CancellationToken, Task<TStore>> open,
        Func<TStore, IAsyncEnumerable<RunOutcome>> run,
        IReadOnlyList<RetagPlan> plans,
        [EnumeratorCancellation] CancellationToken cancellation)
        where TStore : class, IAsyncDisposable
    {
        if (plans.Count == 0)
            yield break;

        var (store, unreachable) = await TryOpenAsync(open, cancellation);
        if (store is null)
        {
            var told = false;
            foreach (var plan in plans)
            {
                if (plan.Status == RetagStatus.Skipped)
                {
                    yield return new RunOutcome(new RetagResult(plan), null);
                    continue;
                }

                var failed = new RetagResult(plan) { Status = RetagStatus.Failed, Error = unreachable!.Message };
                yield return new RunOutcome(failed, told ? null : unreachable.About(plan));
                told = true;
            }

            yield break;
        }

        await using (store)
        {
            await foreach (var outcome in run(store).WithCancellation(cancellation))
                yield return outcome;
        }
    }

    private static async Task<(TStore? Store, CraneException? Unreachable)> TryOpenAsync<TStore>(
        Func<CancellationToken, Task<TStore>> open, CancellationToken cancellation)
        where TStore : class
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

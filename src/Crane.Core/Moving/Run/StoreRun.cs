using System.Runtime.CompilerServices;

namespace Crane.Moving.Run;

/// <summary>Runs plans with a store or builder that is opened for them.</summary>
internal static class StoreRun
{
    /// <summary>
    /// Opens the store and runs the plans. If the store cannot be opened or the whole run fails, there is one error, and all plans without
    /// an outcome have failed, so that a script can repeat them.
    /// </summary>
    /// <param name="open">Opens the store.</param>
    /// <param name="run">Runs all plans, and returns their outcomes in order.</param>
    /// <param name="plans">The plans.</param>
    /// <param name="cancellation">Cancels the run.</param>
    /// <param name="engine">The engine of failed results, as the user wrote it; null where none was chosen.</param>
    public static async IAsyncEnumerable<RunOutcome> RunAsync<TStore>(
        Func<CancellationToken, Task<TStore>> open,
        Func<TStore, IAsyncEnumerable<RunOutcome>> run,
        IReadOnlyList<RetagPlan> plans,
        [EnumeratorCancellation] CancellationToken cancellation,
        string? engine = null)
        where TStore : class, IAsyncDisposable
    {
        if (plans.Count == 0)
            yield break;

        var (store, unreachable) = await TryAsync(() => open(cancellation), cancellation);
        if (store is null)
        {
            foreach (var outcome in Failed(plans, unreachable!, engine))
                yield return outcome;
            yield break;
        }

        await using (store)
        {
            await using var outcomes = run(store).GetAsyncEnumerator(cancellation);
            for (var ended = 0; ; ended++)
            {
                var (isNext, broken) = await TryAsync(() => outcomes.MoveNextAsync().AsTask(), cancellation);
                if (broken is not null && ended == plans.Count)
                    throw broken;
                foreach (var outcome in broken is null ? [] : Failed(plans.Skip(ended), broken, engine))
                    yield return outcome;
                if (!isNext)
                    yield break;
                yield return outcomes.Current;
            }
        }
    }

    private static IEnumerable<RunOutcome> Failed(IEnumerable<RetagPlan> plans, CraneException error, string? engine)
    {
        var isReported = false;
        foreach (var plan in plans)
        {
            var result = new RetagResult(plan);
            if (plan.Status == RetagStatus.Skipped)
            {
                yield return new RunOutcome(result, null);
                continue;
            }

            var failed = RunOutcome.Failed(result with { Engine = engine ?? "" }, error);
            yield return isReported ? failed with { Error = null } : failed;
            isReported = true;
        }
    }

    private static async Task<(T? Result, CraneException? Failure)> TryAsync<T>(Func<Task<T>> work, CancellationToken cancellation)
    {
        try
        {
            return (await work(), null);
        }
        catch (Exception failure) when (CraneException.IsFailure(failure, cancellation))
        {
            return (default, CraneException.From(failure));
        }
    }
}

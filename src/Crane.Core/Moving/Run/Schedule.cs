namespace Crane.Moving.Run;

/// <summary>Runs work in parallel up to a limit, started in order, each after those that it waits for.</summary>
internal static class Schedule
{
    /// <param name="after">For each task, the earlier ones that it waits for.</param>
    /// <param name="throttleLimit">The number of tasks at the same time, without waiting ones.</param>
    /// <param name="work">Runs one, with the results of those that it waited for. Must not throw.</param>
    /// <param name="canceled">The result of a task that was canceled before its start.</param>
    /// <param name="cancellation">Cancels tasks that have not started.</param>
    public static IReadOnlyList<Task<T>> Start<T>(
        IReadOnlyList<IReadOnlyCollection<int>> after,
        int throttleLimit,
        Func<int, IReadOnlyList<T>, Task<T>> work,
        Func<int, T> canceled,
        CancellationToken cancellation)
    {
#pragma warning disable CA2000 // Without its wait handle there is nothing to dispose of.
        var throttle = new SemaphoreSlim(throttleLimit);
#pragma warning restore CA2000
        var running = new List<Task<T>>(after.Count);
        for (var i = 0; i < after.Count; i++)
            running.Add(RunAsync(i, after[i].Select(earlier => running[earlier]).ToList()));
        return running;

        async Task<T> RunAsync(int index, IReadOnlyList<Task<T>> earlier)
        {
            var results = await Task.WhenAll(earlier);
            try
            {
                await throttle.WaitAsync(cancellation);
            }
            catch (OperationCanceledException)
            {
                return canceled(index);
            }

            try
            {
                // The semaphore may be released at the moment of the cancellation.
                return cancellation.IsCancellationRequested ? canceled(index) : await work(index, results);
            }
            finally
            {
                throttle.Release();
            }
        }
    }
}

/// <summary>The token of a run: canceled with the caller's and, if requested, by the first failure.</summary>
internal sealed class RunToken(bool stopOnError, CancellationToken caller) : IDisposable
{
    private readonly CancellationTokenSource _source = CancellationTokenSource.CreateLinkedTokenSource(caller);

    public CancellationToken Token => _source.Token;

    /// <summary>Records an outcome.</summary>
    public RunOutcome Note(RunOutcome outcome)
    {
        if (stopOnError && outcome.Error is not null)
            _source.Cancel();
        return outcome;
    }

    public void Dispose() => _source.Dispose();
}

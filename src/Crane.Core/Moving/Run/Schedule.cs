namespace Crane.Moving.Run;

/// <summary>Runs work in parallel: so many at a time, each after those that it waits for, starting in order.</summary>
internal static class Schedule
{
    /// <summary>Starts everything.</summary>
    /// <param name="after">For each piece of work, the earlier ones that it waits for.</param>
    /// <param name="throttleLimit">How many run at the same time; those that wait do not count.</param>
    /// <param name="work">Runs one, given the results of those that it waited for. Must not throw.</param>
    /// <param name="canceled">The result of one that was canceled before it began.</param>
    /// <param name="cancellation">Keeps what has not begun from beginning.</param>
    public static IReadOnlyList<Task<T>> Start<T>(
        IReadOnlyList<IReadOnlyCollection<int>> after,
        int throttleLimit,
        Func<int, IReadOnlyList<T>, Task<T>> work,
        Func<int, T> canceled,
        CancellationToken cancellation)
    {
#pragma warning disable CA2000 // Its wait handle is never asked for, so there is nothing to dispose of.
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
                // A place may become free at the very moment of the cancellation.
                return cancellation.IsCancellationRequested ? canceled(index) : await work(index, results);
            }
            finally
            {
                throttle.Release();
            }
        }
    }
}

/// <summary>The token of a run: canceled with the caller's, and by the first failure where nothing shall go on after one.</summary>
internal sealed class RunToken(bool stopOnError, CancellationToken caller) : IDisposable
{
    private readonly CancellationTokenSource _source = CancellationTokenSource.CreateLinkedTokenSource(caller);

    public CancellationToken Token => _source.Token;

    /// <summary>Takes note of an outcome, as soon as there is one.</summary>
    public RunOutcome Note(RunOutcome outcome)
    {
        if (stopOnError && outcome.Error is not null)
            _source.Cancel();
        return outcome;
    }

    public void Dispose() => _source.Dispose();
}

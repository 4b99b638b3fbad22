namespace Crane.Adapters.Registry.Http;

/// <summary>The timeouts of requests to a registry.</summary>
internal sealed record RegistryTimeouts
{
    // How fast a slow registry checks an uploaded blob before it responds.
    private const double CheckedBytesPerSecond = 20e6;

    /// <summary>For a connection, including TLS.</summary>
    public TimeSpan Connect { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Between two pieces of a body, in either direction.</summary>
    public TimeSpan Stall { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>For the response to a read.</summary>
    public TimeSpan Read { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>For a body that is read whole, such as a manifest or a page of tags.</summary>
    public TimeSpan Whole { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>For the response to a write.</summary>
    public TimeSpan Write { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The same for the largest blobs.</summary>
    public TimeSpan LongestWrite { get; init; } = TimeSpan.FromMinutes(5);

    public TimeSpan Response(HttpMethod method, long size)
    {
        if (method == HttpMethod.Get || method == HttpMethod.Head)
            return Read;
        var limit = Write.TotalSeconds + (size / CheckedBytesPerSecond);
        return limit < LongestWrite.TotalSeconds ? TimeSpan.FromSeconds(limit) : LongestWrite;
    }
}

/// <summary>
/// A cancellation token with a timeout for each step, so that a transfer may take hours as long as it continues.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="waiting">Called with the limit when a wait takes long.</param>
internal sealed class StepTimeout(TimeProvider time, Action<TimeSpan> waiting) : IDisposable
{
    private static readonly TimeSpan LongWait = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource _source = new(Timeout.InfiniteTimeSpan, time);
    private ITimer? _notice;
    private TimeSpan _limit;

    public CancellationToken Token => _source.Token;

    /// <summary>Starts a step with that timeout.</summary>
    public void Begin(TimeSpan limit)
    {
        _limit = limit;
        _source.CancelAfter(limit);
        if (limit > LongWait)
        {
            _notice ??= time.CreateTimer(_ => waiting(_limit), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _notice.Change(LongWait, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Ends a step.</summary>
    public void End()
    {
        _source.CancelAfter(Timeout.InfiniteTimeSpan);
        _notice?.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Cancels it with the caller's token, as long as the registration lives.</summary>
    public CancellationTokenRegistration Until(CancellationToken cancellation) =>
        cancellation.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), _source);

    public void Dispose()
    {
        _notice?.Dispose();
        _source.Dispose();
    }
}

namespace Crane.Adapters.Registry.Http;

/// <summary>How long a registry is waited for.</summary>
internal sealed record RegistryTimeouts
{
    // How fast a slow registry reads what it was sent before it says that it has it.
    private const double CheckedBytesPerSecond = 20e6;

    /// <summary>Until a connection is there, TLS included.</summary>
    public TimeSpan Connect { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Between two pieces of a body, in either direction.</summary>
    public TimeSpan Stall { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Until reading has a response.</summary>
    public TimeSpan Read { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Until a body is there that is read whole, such as a manifest or a page of tags.</summary>
    public TimeSpan Whole { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Until writing has a response.</summary>
    public TimeSpan Write { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The same for the largest blobs.</summary>
    public TimeSpan LongestWrite { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Until a request has a response.</summary>
    public TimeSpan Response(HttpMethod method, long size)
    {
        if (method == HttpMethod.Get || method == HttpMethod.Head)
            return Read;
        var limit = Write.TotalSeconds + (size / CheckedBytesPerSecond);
        return limit < LongestWrite.TotalSeconds ? TimeSpan.FromSeconds(limit) : LongestWrite;
    }
}

/// <summary>
/// A cancellation token that fires when the other side is waited for too long, or when the caller cancels. It is set again for each
/// step, so that a transfer may take hours as long as it goes on.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="waiting">Told, with the limit, of a wait that is long enough for somebody to wonder.</param>
internal sealed class StepTimeout(TimeProvider time, Action<TimeSpan> waiting) : IDisposable
{
    private static readonly TimeSpan LongWait = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource _source = new(Timeout.InfiniteTimeSpan, time);
    private ITimer? _notice;
    private TimeSpan _limit;

    public CancellationToken Token => _source.Token;

    /// <summary>From now on that long, and no longer.</summary>
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

    /// <summary>The other side has done what it was waited for.</summary>
    public void End()
    {
        _source.CancelAfter(Timeout.InfiniteTimeSpan);
        _notice?.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Ends it with the caller's own token, as long as the registration lives.</summary>
    public CancellationTokenRegistration Until(CancellationToken cancellation) =>
        cancellation.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), _source);

    public void Dispose()
    {
        _notice?.Dispose();
        _source.Dispose();
    }
}

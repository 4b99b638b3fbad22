namespace Crane.Adapters.Registry.Transport;

/// <summary>
/// A cancellation token that fires when the other side is waited for too long, or when the caller has had enough. It is set
/// for each step anew, so that a transfer may take hours as long as it goes on.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="waiting">Told, with the limit, of a wait that is long enough for somebody to wonder.</param>
internal sealed class Patience(TimeProvider time, Action<TimeSpan> waiting) : IDisposable
{
    private static readonly TimeSpan LongWait = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource _source = new(Timeout.InfiniteTimeSpan, time);
    private ITimer? _notice;
    private TimeSpan _limit;

    /// <summary>Fires when it is over.</summary>
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

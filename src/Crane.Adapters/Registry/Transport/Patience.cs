namespace Crane.Adapters.Registry.Transport;

/// <summary>
/// A cancellation token that fires when the other side is waited for too long, or when the caller has had enough. It is set
/// for each step anew, so that a transfer may take hours as long as it goes on.
/// </summary>
internal sealed class Patience(TimeProvider time) : IDisposable
{
    private readonly CancellationTokenSource _source = new(Timeout.InfiniteTimeSpan, time);

    /// <summary>Fires when it is over.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>From now on that long, and no longer.</summary>
    public void Begin(TimeSpan limit) => _source.CancelAfter(limit);

    /// <summary>The other side has done what it was waited for.</summary>
    public void End() => _source.CancelAfter(Timeout.InfiniteTimeSpan);

    /// <summary>Ends it with the caller's own token, as long as the registration lives.</summary>
    public CancellationTokenRegistration Until(CancellationToken cancellation) =>
        cancellation.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), _source);

    public void Dispose() => _source.Dispose();
}

using System.Net;

namespace Crane.Adapters.Registry.Transport;

/// <summary>
/// The body of a request: it tells when it begins to leave, and does not wait for ever for the other side to take it.
/// </summary>
internal sealed class SentContent : HttpContent
{
    private readonly HttpContent _inner;
    private readonly Patience _patience;
    private readonly RegistryTimeouts _timeouts;
    private readonly Action _begun;

    /// <param name="inner">The body itself.</param>
    /// <param name="patience">Set for each piece.</param>
    /// <param name="timeouts">How long it is set for.</param>
    /// <param name="begun">Told when the first piece leaves.</param>
    public SentContent(HttpContent inner, Patience patience, RegistryTimeouts timeouts, Action begun)
    {
        (_inner, _patience, _timeouts, _begun) = (inner, patience, timeouts, begun);
        foreach (var (name, values) in inner.Headers.NonValidated)
            Headers.TryAddWithoutValidation(name, values);
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        _begun();
        await using var taken = new SentStream(stream, _patience, _timeouts.Stall);
        _patience.End();
        await _inner.CopyToAsync(taken, context, cancellationToken);
        _patience.Begin(_timeouts.Write);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _inner.Headers.ContentLength ?? 0;
        return _inner.Headers.ContentLength is not null;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _inner.Dispose();
        base.Dispose(disposing);
    }
}

using System.Net;

namespace Crane.Adapters.Registry.Transport;

/// <summary>
/// The body of a request: it tells when it begins to leave, and does not wait for ever for the other side to take it.
/// </summary>
internal sealed class SentContent : HttpContent
{
    private readonly HttpContent _inner;
    private readonly Patience _patience;
    private readonly TimeSpan _stall;
    private readonly TimeSpan _answer;
    private readonly Action _begun;

    /// <param name="inner">The body itself.</param>
    /// <param name="patience">Set for each piece, and then for the answer.</param>
    /// <param name="stall">How long a piece may take.</param>
    /// <param name="answer">How long the answer may take.</param>
    /// <param name="begun">Told when the first piece leaves.</param>
    public SentContent(HttpContent inner, Patience patience, TimeSpan stall, TimeSpan answer, Action begun)
    {
        (_inner, _patience, _stall, _answer, _begun) = (inner, patience, stall, answer, begun);
        foreach (var (name, values) in inner.Headers.NonValidated)
            Headers.TryAddWithoutValidation(name, values);
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        _begun();
        await using var taken = new SentStream(stream, _patience, _stall);
        _patience.End();
        await _inner.CopyToAsync(taken, context, cancellationToken);
        _patience.Begin(_answer);
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

using System.Net;

namespace Crane.Adapters.Registry.Transport;

/// <summary>The body of an answer, whose stream says in our own words that it broke off or stalled.</summary>
internal sealed class AnswerContent : HttpContent
{
    private readonly HttpContent _inner;
    private readonly Func<Stream, Stream> _watch;

    /// <param name="inner">The body as it comes.</param>
    /// <param name="watch">Puts a watch on its stream.</param>
    public AnswerContent(HttpContent inner, Func<Stream, Stream> watch)
    {
        (_inner, _watch) = (inner, watch);
        foreach (var (name, values) in inner.Headers.NonValidated)
            Headers.TryAddWithoutValidation(name, values);
    }

    protected override Task<Stream> CreateContentReadStreamAsync() => CreateContentReadStreamAsync(CancellationToken.None);

    protected override async Task<Stream> CreateContentReadStreamAsync(CancellationToken cancellationToken) =>
        _watch(await _inner.ReadAsStreamAsync(cancellationToken));

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        await using var body = await CreateContentReadStreamAsync(cancellationToken);
        await body.CopyToAsync(stream, cancellationToken);
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

using System.Net;
using System.Net.Http.Headers;

namespace Crane.Adapters.Registry.Blobs;

/// <summary>A part of an upload as the body of a request, streamed, its length known.</summary>
internal sealed class UploadContent : HttpContent
{
    private readonly UploadSource _source;
    private readonly long _offset;
    private readonly long _length;
    private readonly CancellationToken _stop;

    /// <param name="source">Where the bytes come from.</param>
    /// <param name="offset">The first of them.</param>
    /// <param name="length">How many.</param>
    /// <param name="stop">Ends the copy when the request has ended.</param>
    public UploadContent(UploadSource source, long offset, long length, CancellationToken stop)
    {
        (_source, _offset, _length, _stop) = (source, offset, length, stop);
        Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        Headers.ContentLength = length;
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stop);
        await _source.CopyAsync(_offset, _length, stream, either.Token);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _length;
        return true;
    }
}

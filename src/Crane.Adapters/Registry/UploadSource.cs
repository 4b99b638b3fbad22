using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using System.Runtime.ExceptionServices;
using Crane.Oci;

namespace Crane.Adapters.Registry;

/// <summary>
/// The bytes of an upload, readable from any position. It records errors of the source, which the upload cannot retry as it does those of
/// the target.
/// </summary>
internal sealed class UploadSource(BlobWrite write) : IAsyncDisposable
{
    private const int BufferSize = 256 * 1024;

    // An abandoned request may still be reading when the next one begins.
    private readonly SemaphoreSlim _turn = new(1);
    private readonly CancellationTokenSource _closing = new();
    private Stream? _stream;
    private long _position;

    /// <summary>What opening or reading the source threw; null for nothing.</summary>
    public ExceptionDispatchInfo? Failure { get; private set; }

    /// <summary>Opens the blob at its start, before it is needed. An error is recorded, not thrown.</summary>
    public async Task OpenAsync(CancellationToken cancellation)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _closing.Token);
        await _turn.WaitAsync(either.Token);
        await Task.WhenAny(ReadAsync(0, Memory<byte>.Empty, either.Token));
        _turn.Release();
    }

    /// <summary>Copies a part of the blob.</summary>
    public async Task CopyAsync(long offset, long length, Stream target, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            var end = offset + length;
            while (offset < end)
            {
                var part = buffer.AsMemory(0, (int)Math.Min(buffer.Length, end - offset));
                var count = await ReadAsync(offset, part, cancellation);
                await target.WriteAsync(part[..count], cancellation);
                offset += count;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
            _turn.Release();
        }
    }

    /// <summary>Waits until no request reads.</summary>
    public async Task IdleAsync()
    {
        await _turn.WaitAsync();
        _turn.Release();
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await IdleAsync();
        _closing.Dispose();
        if (_stream is not null)
            await _stream.DisposeAsync();
        _turn.Dispose();
    }

    /// <summary>Reads a part from a position, or only opens the blob there where the part is empty.</summary>
    private async Task<int> ReadAsync(long offset, Memory<byte> part, CancellationToken cancellation)
    {
        try
        {
            if (_stream is null || _position != offset)
            {
                if (_stream is not null)
                    await _stream.DisposeAsync();
                _stream = null;
                _stream = await write.OpenAsync(offset, cancellation);
                _position = offset;
            }

            var count = part.IsEmpty ? 0 : await _stream.ReadAsync(part, cancellation);
            _position += count;
            return count > 0 || part.IsEmpty ? count : throw new CraneException(
                CraneErrorId.PullFailed,
                $"The blob {write.Blob.Digest} ended after {_position} of {write.Blob.Size} bytes at its source.",
                "The source is damaged: push the image again.");
        }
        catch (Exception exception) when (!cancellation.IsCancellationRequested)
        {
            Failure = ExceptionDispatchInfo.Capture(exception);
            throw;
        }
    }
}

/// <summary>A part of an upload as the body of a request, streamed, its length known.</summary>
internal sealed class UploadContent : HttpContent
{
    private readonly UploadSource _source;
    private readonly long _offset;
    private readonly long _length;
    private readonly CancellationToken _stop;

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

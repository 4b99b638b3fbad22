using System.Buffers;
using System.Runtime.ExceptionServices;
using Crane.Oci;

namespace Crane.Adapters.Registry.Blobs;

/// <summary>
/// The bytes of an upload, from wherever they are wanted. It keeps apart what goes wrong here from what goes wrong where the
/// bytes go: only the latter is for the upload to mend.
/// </summary>
internal sealed class UploadSource(BlobWrite write) : IAsyncDisposable
{
    private const int BufferSize = 256 * 1024;

    // A request that is given up may still be reading when the next one begins.
    private readonly SemaphoreSlim _turn = new(1);
    private Stream? _stream;
    private long _position;

    /// <summary>What opening or reading the source threw; null where nothing has.</summary>
    public ExceptionDispatchInfo? Fault { get; private set; }

    /// <summary>Copies a part of the blob, with a buffer's memory, however big it is.</summary>
    public async Task CopyAsync(long offset, long length, Stream target, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            await SourceAsync(token => SeekAsync(offset, token), cancellation);
            while (length > 0)
            {
                var part = buffer.AsMemory(0, (int)Math.Min(buffer.Length, length));
                var count = await SourceAsync(token => ReadAsync(part, token), cancellation);
                await target.WriteAsync(part[..count], cancellation);
                length -= count;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
            _turn.Release();
        }
    }

    /// <summary>Waits until nothing reads any more.</summary>
    public async Task IdleAsync()
    {
        await _turn.WaitAsync();
        _turn.Release();
    }

    public async ValueTask DisposeAsync()
    {
        if (_stream is not null)
            await _stream.DisposeAsync();
        _turn.Dispose();
    }

    private async Task<long> SeekAsync(long offset, CancellationToken cancellation)
    {
        if (_stream is not null && _position == offset)
            return offset;
        if (_stream is not null)
            await _stream.DisposeAsync();
        _stream = null;
        _stream = await write.OpenAsync(offset, cancellation);
        return _position = offset;
    }

    private async Task<int> ReadAsync(Memory<byte> part, CancellationToken cancellation)
    {
        var count = await _stream!.ReadAsync(part, cancellation);
        _position += count;
        return count > 0 ? count : throw new CraneException(
            CraneErrorId.PullFailed,
            $"The blob {write.Blob.Digest} ended after {_position} of {write.Blob.Size} bytes at its source.",
            "The source is damaged: push the image there anew.");
    }

    private async Task<T> SourceAsync<T>(Func<CancellationToken, Task<T>> read, CancellationToken cancellation)
    {
        try
        {
            return await read(cancellation);
        }
        catch (Exception fault) when (!cancellation.IsCancellationRequested)
        {
            Fault = ExceptionDispatchInfo.Capture(fault);
            throw;
        }
    }
}

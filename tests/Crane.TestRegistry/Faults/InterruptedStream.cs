namespace Crane.Testing.Faults;

/// <summary>The beginning of a body; where the rest would be, something happens instead, which does not end or throws.</summary>
internal sealed class InterruptedStream(Stream inner, long bytes, Func<Task> interrupt) : Stream
{
    private long _rest = bytes;

    public override bool CanRead => true;

    public override bool CanWrite => false;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_rest == 0)
        {
            await interrupt();
            throw new IOException("The upload was interrupted on purpose.");
        }
        var read = await inner.ReadAsync(buffer[..(int)Math.Min(buffer.Length, _rest)], cancellationToken);
        _rest -= read;
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}

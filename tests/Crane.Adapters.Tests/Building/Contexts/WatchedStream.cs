namespace Crane.Adapters.Tests.Building;

/// <summary>Counts what is written, and does something when the first bytes come.</summary>
internal sealed class WatchedStream(Action? onFirstWrite = null) : Stream
{
    private byte[] _end = [];

    public long Written { get; private set; }

    public int LargestWrite { get; private set; }

    /// <summary>Whether the last two blocks are empty, which ends a tar archive.</summary>
    public bool HasEndOfArchive => _end.Length == 1024 && _end.All(value => value == 0);

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Note(buffer.Span);
        return ValueTask.CompletedTask;
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(byte[] buffer, int offset, int count) => Note(buffer.AsSpan(offset, count));

    public override void Flush()
    {
        // All is noted already.
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private void Note(ReadOnlySpan<byte> bytes)
    {
        if (Written == 0 && bytes.Length > 0)
            onFirstWrite?.Invoke();
        Written += bytes.Length;
        LargestWrite = Math.Max(LargestWrite, bytes.Length);
        byte[] end = [.. _end, .. bytes[Math.Max(0, bytes.Length - 1024)..]];
        _end = end[Math.Max(0, end.Length - 1024)..];
    }
}

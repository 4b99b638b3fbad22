using Crane.Adapters.Machine;

namespace Crane.Adapters.OciLayout;

/// <summary>
/// A file that is read while others may replace it by a rename: on Windows that takes a handle which says so. A disk that
/// fails in the midst of it is told as any other fault of the store.
/// </summary>
internal sealed class SharedFile : Stream
{
    private readonly FileStream _file;

    private SharedFile(FileStream file) => _file = file;

    /// <summary>The file's path.</summary>
    public string Name => _file.Name;

    public override long Length => _file.Length;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Position
    {
        get => _file.Position;
        set => _file.Position = value;
    }

    /// <summary>Opens a file; null where there is none.</summary>
    /// <exception cref="IOException">It cannot be opened, or is something else than a file.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static SharedFile? Open(string path)
    {
        try
        {
            return new SharedFile(RegularFile.Open(path, FileOptions.Asynchronous | FileOptions.SequentialScan));
        }
        catch (Exception absent) when (absent is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <inheritdoc cref="RegularFile.ReadToEndAsync"/>
    /// <exception cref="CraneException">PullFailed.</exception>
    public Task<byte[]> ReadToEndAsync(int limit, CancellationToken cancellation) =>
        RegularFile.ReadToEndAsync(this, limit, cancellation);

    /// <inheritdoc/>
    /// <exception cref="CraneException">PullFailed.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            return await _file.ReadAsync(buffer, cancellationToken);
        }
        catch (IOException fault)
        {
            throw Storage.NotRead(Name, fault);
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    /// <exception cref="CraneException">PullFailed.</exception>
    public override int Read(byte[] buffer, int offset, int count)
    {
        try
        {
            return _file.Read(buffer, offset, count);
        }
        catch (IOException fault)
        {
            throw Storage.NotRead(Name, fault);
        }
    }

    public override long Seek(long offset, SeekOrigin origin) => _file.Seek(offset, origin);

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
        // Nothing is written.
    }

    public override async ValueTask DisposeAsync()
    {
        await _file.DisposeAsync();
        await base.DisposeAsync();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _file.Dispose();
        base.Dispose(disposing);
    }
}

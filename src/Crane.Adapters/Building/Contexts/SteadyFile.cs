using Crane.Oci;

namespace Crane.Adapters.Building;

/// <summary>
/// A file as the data of a tar entry: exactly the length it had when it was opened, since the header that says the length
/// is sent first. A file that changes meanwhile is an error.
/// </summary>
internal sealed class SteadyFile : AsyncReadStream
{
    private readonly string _path;
    private readonly FileStream _file;
    private long _position;

    private SteadyFile(string path, FileStream file)
    {
        (_path, _file, Length) = (path, file, file.Length);
        Modified = File.GetLastWriteTimeUtc(file.SafeFileHandle);
    }

    /// <summary>When the file was last written, as of opening it.</summary>
    public DateTime Modified { get; }

    public override long Length { get; }

    // The tar writer asks the length only of what it could seek in; it does not seek.
    public override bool CanSeek => true;

    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException();
    }

    /// <exception cref="CraneException">BuildFailed where the file cannot be read or was removed.</exception>
    public static SteadyFile Open(string path) => ContextFaults.Told(path, () => new SteadyFile(path, new FileStream(path, new FileStreamOptions
    {
        Share = FileShare.ReadWrite | FileShare.Delete,
        Options = FileOptions.Asynchronous | FileOptions.SequentialScan,
        BufferSize = 0,
    })));

    /// <inheritdoc/>
    /// <exception cref="CraneException">BuildFailed where the file cannot be read or has become shorter.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var wanted = buffer[..(int)Math.Min(buffer.Length, Length - _position)];
        if (wanted.IsEmpty)
            return 0;
        var read = await ReadFileAsync(wanted, cancellationToken);
        _position += read;
        return read > 0 ? read : throw ContextFaults.Changed(_path, "became shorter");
    }

    /// <summary>Makes sure, after all has been read, that it still is what is there.</summary>
    /// <exception cref="CraneException">BuildFailed where it is not.</exception>
    public async Task EnsureUnchangedAsync(CancellationToken cancellation)
    {
        if (await ReadFileAsync(new byte[1], cancellation) > 0)
            throw ContextFaults.Changed(_path, "grew");
        if (File.GetLastWriteTimeUtc(_file.SafeFileHandle) != Modified)
            throw ContextFaults.Changed(_path, "was written");
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

    private async ValueTask<int> ReadFileAsync(Memory<byte> buffer, CancellationToken cancellation)
    {
        try
        {
            return await _file.ReadAsync(buffer, cancellation);
        }
        catch (IOException fault)
        {
            throw ContextFaults.Unreadable(_path, fault);
        }
    }
}

using Crane.Adapters.Machine;
using Crane.Oci;

namespace Crane.Adapters.OciLayout;

/// <summary>
/// A file of a layout that others may replace by a rename while it is read. A disk that fails meanwhile is an error of the layout.
/// </summary>
internal sealed class LayoutFile : AsyncReadStream
{
    private readonly FileStream _file;

    private LayoutFile(FileStream file) => _file = file;

    public string Name => _file.Name;

    public override long Length => _file.Length;

    public override bool CanSeek => true;

    public override long Position
    {
        get => _file.Position;
        set => _file.Position = value;
    }

    /// <summary>Opens a file; null where there is none.</summary>
    /// <exception cref="IOException">It cannot be opened, or is not a regular file.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static LayoutFile? Open(string path)
    {
        try
        {
            return new LayoutFile(RegularFile.Open(path, FileOptions.Asynchronous | FileOptions.SequentialScan));
        }
        catch (Exception absent) when (absent is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    /// <exception cref="CraneException">PullFailed.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            return await _file.ReadAsync(buffer, cancellationToken);
        }
        catch (IOException exception)
        {
            throw Storage.NotRead(Name, exception);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _file.Dispose();
        base.Dispose(disposing);
    }
}

using System.Buffers;
using System.Security.Cryptography;
using Crane.Content;
using Microsoft.Win32.SafeHandles;

namespace Crane.Adapters.OciLayout;

/// <summary>
/// A blob that has not come in whole yet: a file that outlives its process, and the hash of what is in it so far. Its owner
/// holds the blob's lock.
/// </summary>
internal sealed class PartialBlob : IDisposable
{
    private const int BufferSize = 256 * 1024;

    // .NET leaves the system's error out where it tells that there is not as much room as was asked for.
    private const int NoSystemError = unchecked((int)0x80131620);

    private readonly string _path;
    private readonly Descriptor _blob;
    private readonly SafeFileHandle _file;
    private readonly IncrementalHash _hash;

    private PartialBlob(string path, Descriptor blob, SafeFileHandle file) =>
        (_path, _blob, _file, _hash) = (path, blob, file, blob.Digest.NewHash());

    /// <summary>How many bytes are there.</summary>
    public long Length { get; private set; }

    /// <summary>How many bytes are to come.</summary>
    public long Missing => _blob.Size - Length;

    /// <summary>Opens what an earlier process left, or starts anew where that is nothing, or longer than the blob.</summary>
    /// <exception cref="CraneException">PullFailed, also where there is no room for the whole blob.</exception>
    public static PartialBlob Open(string path, Descriptor blob) => Storage.Write(path, () =>
    {
        var partial = new PartialBlob(path, blob, OpenFile(path, blob.Size));
        try
        {
            partial.Resume();
            return partial;
        }
        catch (Exception fault) when (Storage.IsFault(fault))
        {
            partial.Dispose();
            throw;
        }
    });

    /// <summary>Adds bytes, of which there may be no more than <see cref="Missing"/>.</summary>
    /// <exception cref="CraneException">PullFailed.</exception>
    public void Append(ReadOnlyMemory<byte> bytes)
    {
        Storage.Write(_path, () => RandomAccess.Write(_file, bytes.Span, Length));
        _hash.AppendData(bytes.Span);
        Length += bytes.Length;
    }

    /// <summary>Throws away what is there.</summary>
    /// <exception cref="CraneException">PullFailed.</exception>
    public void StartOver()
    {
        Storage.Write(_path, () => RandomAccess.SetLength(_file, 0));
        _hash.GetHashAndReset();
        Length = 0;
    }

    /// <summary>Whether what is there is the blob. To be asked once, at the end.</summary>
    public bool IsBlob() => Length == _blob.Size && _blob.Digest.IsOf(_hash);

    /// <summary>Brings everything to the disk.</summary>
    /// <exception cref="CraneException">PullFailed.</exception>
    public void Flush() => Storage.Write(_path, () => RandomAccess.FlushToDisk(_file));

    public void Dispose()
    {
        _file.Dispose();
        _hash.Dispose();
    }

    private static SafeFileHandle OpenFile(string path, long size) => File.Exists(path)
        ? File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete)
        : CreateFile(path, size);

    // A new file asks for all of its room at once: better no room now than after an hour.
    private static SafeFileHandle CreateFile(string path, long size)
    {
        try
        {
            return File.OpenHandle(
                path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete, preallocationSize: size);
        }
        catch (IOException noRoom) when (noRoom.HResult == NoSystemError)
        {
            throw new IOException(noRoom.Message, Storage.UnixNoSpace);
        }
    }

    private void Resume()
    {
        if (RandomAccess.GetLength(_file) > _blob.Size)
            RandomAccess.SetLength(_file, 0);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            for (int read; (read = RandomAccess.Read(_file, buffer, Length)) > 0; Length += read)
                _hash.AppendData(buffer, 0, read);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}

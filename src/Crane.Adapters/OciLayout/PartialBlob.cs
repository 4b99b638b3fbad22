using System.Buffers;
using System.Security.Cryptography;
using Crane.Adapters.Machine;
using Crane.Oci;
using Microsoft.Win32.SafeHandles;

namespace Crane.Adapters.OciLayout;

/// <summary>
/// A blob that has not come in whole yet: a file that outlives its process, and the hash of what is in it so far. Its owner
/// holds the blob's lock.
/// </summary>
internal sealed class PartialBlob : IDisposable
{
    private const int BufferSize = 256 * 1024;

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
    /// <exception cref="CraneException">PullFailed.</exception>
    public static PartialBlob Open(string path, Descriptor blob) => Storage.Write(path, () =>
    {
        var partial = new PartialBlob(path, blob, OpenFile(path));
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

    /// <summary>
    /// Makes sure that there is room for what is missing: better told now than after an hour. Nothing is reserved, since what a
    /// manifest says of a size may not be so.
    /// </summary>
    /// <exception cref="CraneException">PullFailed where there is none.</exception>
    public void EnsureRoom()
    {
        // A disk without any room tells that itself, when it is written to; some say 0 that have room.
        if (FreeBytes() is > 0 and var free && free < Missing)
            throw Storage.NotWritten(_path, new IOException(null, Storage.UnixNoSpace));
    }

    /// <summary>Adds bytes, of which there may be no more than <see cref="Missing"/>.</summary>
    /// <exception cref="CraneException">PullFailed. Where the disk is full, what has come is given up, to leave others room.</exception>
    public void Append(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            RandomAccess.Write(_file, bytes.Span, Length);
        }
        catch (Exception fault) when (Storage.IsFault(fault))
        {
            if (Storage.IsFull(fault))
                StartOver();
            throw Storage.NotWritten(_path, fault);
        }

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

    /// <summary>Closes the file. One that is not whole is kept as far as it goes, and one in which nothing is removed.</summary>
    public void Dispose()
    {
        try
        {
            if (Length < RandomAccess.GetLength(_file))
                RandomAccess.SetLength(_file, Length);
            _file.Dispose();
            if (Length == 0 && Missing > 0)
                File.Delete(_path);
        }
        catch (Exception fault) when (Storage.IsFault(fault))
        {
            // What went wrong before counts; the next one who opens it finds out for himself.
        }

        _file.Dispose();
        _hash.Dispose();
    }

    private static SafeFileHandle OpenFile(string path)
    {
        RegularFile.EnsureOwn(path);
        return File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
    }

    // -1 where it cannot be known: on Windows, a share has no drive.
    private long FreeBytes()
    {
        try
        {
            return new DriveInfo(OperatingSystem.IsWindows() ? Path.GetPathRoot(_path)! : Path.GetDirectoryName(_path)!).AvailableFreeSpace;
        }
        catch (Exception unknown) when (unknown is ArgumentException || Storage.IsFault(unknown))
        {
            return -1;
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

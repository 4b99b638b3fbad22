using System.Buffers;
using System.Security.Cryptography;
using Crane.Adapters.Machine;
using Crane.Oci;
using Microsoft.Win32.SafeHandles;

namespace Crane.Adapters.OciLayout;

/// <summary>Writes blobs into a layout: each by one process at a time, and resumed where an earlier one stopped.</summary>
internal sealed class BlobWriter(LayoutFolder folder, BlobFolder blobs, TimeSpan timeout)
{
    private const int BufferSize = 256 * 1024;

    // Sources return as little as one TLS record per read: too little for one round of hashing and writing.
    private const int MinChunk = 64 * 1024;

    /// <summary>Writes a blob, unless it exists. The folder must be prepared.</summary>
    /// <exception cref="CraneException">
    /// PullFailed where it cannot be written, or (transient) where the source ends too early; DigestMismatch; errors of the source.
    /// </exception>
    public async Task<BlobWriteResult> WriteAsync(ImageName image, BlobWrite write, CancellationToken cancellation)
    {
        var blob = write.Blob;
        if (blobs.Has(blob))
            return BlobWriteResult.Existed;

        var path = folder.Partial(blob.Digest);
        await using var held = await Storage.LockAsync(folder.PartialLock(blob.Digest), timeout, cancellation);
        if (blobs.Has(blob))
            return BlobWriteResult.Existed;
        if (!await TryFillAsync(image, path, write, cancellation))
        {
            Storage.Write(path, () => File.Delete(path));
            throw LayoutErrors.Mismatch(image, blob);
        }

        var target = folder.Blob(blob.Digest);
        Storage.Write(target, () => Directory.CreateDirectory(Path.GetDirectoryName(target)!));
        await Storage.MoveAsync(path, target, cancellation);
        return BlobWriteResult.Written;
    }

    // What an earlier process left may be damaged, so only a second attempt from the start can blame the source.
    private static async Task<bool> TryFillAsync(ImageName image, string path, BlobWrite write, CancellationToken cancellation)
    {
        using var partial = await Task.Run(() => PartialBlob.Open(path, write.Blob), cancellation);
        partial.EnsureRoom();
        var isResumed = partial.Length > 0;
        var isBlob = await FillAsync(image, partial, write, cancellation);
        if (!isBlob && isResumed)
        {
            partial.StartOver();
            isBlob = await FillAsync(image, partial, write, cancellation);
        }
        if (isBlob)
            await Task.Run(partial.Flush, cancellation);
        return isBlob;
    }

    private static async Task<bool> FillAsync(ImageName image, PartialBlob partial, BlobWrite write, CancellationToken cancellation)
    {
        if (partial.Missing > 0)
        {
            await using var source = await write.OpenAsync(partial.Length, cancellation);
            if (!await CopyAsync(source, partial, cancellation))
                return false;
            if (partial.Missing > 0)
                throw LayoutErrors.BrokeOff(image, write.Blob, partial.Length);
        }
        return partial.IsBlob();
    }

    /// <summary>Copies the source into the blob; the next bytes are read while the previous ones are hashed and written.</summary>
    /// <returns>False where the source is longer than the blob.</returns>
    private static async Task<bool> CopyAsync(Stream source, PartialBlob partial, CancellationToken cancellation)
    {
        var reading = ArrayPool<byte>.Shared.Rent(BufferSize);
        var writing = ArrayPool<byte>.Shared.Rent(BufferSize);
        var written = Task.CompletedTask;
        try
        {
            while (true)
            {
                var count = await source.ReadAtLeastAsync(reading, MinChunk, throwOnEndOfStream: false, cancellation);
                await written;
                if (count == 0)
                    return true;
                if (count > partial.Missing)
                    return false;
                var chunk = reading.AsMemory(0, count);
                written = Task.Run(() => partial.Append(chunk), CancellationToken.None);
                (reading, writing) = (writing, reading);
            }
        }
        finally
        {
            // The buffers and the file are in use until it has ended. Its exception was thrown above, or a worse one is on its way.
            await written.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            ArrayPool<byte>.Shared.Return(reading);
            ArrayPool<byte>.Shared.Return(writing);
        }
    }
}

/// <summary>
/// An incomplete blob: a file that outlives its process, and the hash of its content so far. Its owner holds the blob's lock.
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

    public long Length { get; private set; }

    /// <summary>The number of missing bytes.</summary>
    public long Missing => _blob.Size - Length;

    /// <summary>Opens what an earlier process left; starts again where that is longer than the blob.</summary>
    /// <exception cref="CraneException">PullFailed.</exception>
    public static PartialBlob Open(string path, Descriptor blob) => Storage.Write(path, () =>
    {
        var partial = new PartialBlob(path, blob, OpenFile(path));
        try
        {
            partial.Resume();
            return partial;
        }
        catch (Exception exception) when (Storage.IsFileError(exception))
        {
            partial.Dispose();
            throw;
        }
    });

    /// <summary>
    /// Checks for enough free space: better an error now than after an hour. Nothing is reserved, since the size in a manifest
    /// may be wrong.
    /// </summary>
    /// <exception cref="CraneException">PullFailed where there is not enough.</exception>
    public void EnsureRoom()
    {
        // A full disk fails when it is written to; some file systems with free space report 0.
        if (FreeBytes() is > 0 and var free && free < Missing)
            throw Storage.NotWritten(_path, new IOException(null, Storage.UnixNoSpace));
    }

    /// <summary>Adds bytes, at most <see cref="Missing"/>.</summary>
    /// <exception cref="CraneException">PullFailed. Where the disk is full, the content is dropped, to leave space for others.</exception>
    public void Append(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            RandomAccess.Write(_file, bytes.Span, Length);
        }
        catch (Exception exception) when (Storage.IsFileError(exception))
        {
            if (Storage.IsFull(exception))
                StartOver();
            throw Storage.NotWritten(_path, exception);
        }

        _hash.AppendData(bytes.Span);
        Length += bytes.Length;
    }

    public void StartOver()
    {
        Storage.Write(_path, () => RandomAccess.SetLength(_file, 0));
        _hash.GetHashAndReset();
        Length = 0;
    }

    /// <summary>Whether the content is the blob. May be called only once, at the end.</summary>
    public bool IsBlob() => Length == _blob.Size && _blob.Digest.IsOf(_hash);

    public void Flush() => Storage.Write(_path, () => RandomAccess.FlushToDisk(_file));

    /// <summary>Closes the file. Incomplete content is kept for the next process; an empty file is removed.</summary>
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
        catch (Exception exception) when (Storage.IsFileError(exception))
        {
            // An earlier error matters more; the next process that opens the file reports this one.
        }

        _file.Dispose();
        _hash.Dispose();
    }

    private static SafeFileHandle OpenFile(string path)
    {
        RegularFile.EnsureOwn(path);
        return File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
    }

    // -1 where it is unknown: on Windows, a share has no drive.
    private long FreeBytes()
    {
        try
        {
            return new DriveInfo(OperatingSystem.IsWindows() ? Path.GetPathRoot(_path)! : Path.GetDirectoryName(_path)!).AvailableFreeSpace;
        }
        catch (Exception unknown) when (unknown is ArgumentException || Storage.IsFileError(unknown))
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

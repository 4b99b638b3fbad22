using System.Buffers;
using Crane.Oci;

namespace Crane.Adapters.OciLayout;

/// <summary>Brings blobs into a layout: each by one process at a time, from where an earlier one broke off.</summary>
internal sealed class BlobWriter(LayoutFolder folder, BlobFolder blobs, TimeSpan patience)
{
    private const int BufferSize = 256 * 1024;

    // What is worth a turn of hashing and writing; sources give as little as a frame of TLS at a time.
    private const int LeastChunk = 64 * 1024;

    /// <summary>Writes a blob, unless it is there. The folder has been prepared.</summary>
    /// <exception cref="CraneException">
    /// PullFailed where it cannot be written, or where the source ends too early, which may pass; DigestMismatch; whatever the
    /// source throws.
    /// </exception>
    public async Task<BlobWriteResult> WriteAsync(ImageName image, BlobWrite write, CancellationToken cancellation)
    {
        var blob = write.Blob;
        if (blobs.Has(blob))
            return BlobWriteResult.Existed;

        var path = folder.Partial(blob.Digest);
        await using var held = await Storage.LockAsync(folder.PartialLock(blob.Digest), patience, cancellation);
        if (blobs.Has(blob))
            return BlobWriteResult.Existed;
        if (!await TryFillAsync(image, path, write, cancellation))
        {
            Storage.Write(path, () => File.Delete(path));
            throw LayoutFaults.Mismatch(image, blob);
        }

        var target = folder.Blob(blob.Digest);
        Storage.Write(target, () => Directory.CreateDirectory(Path.GetDirectoryName(target)!));
        await AtomicFile.MoveAsync(path, target, cancellation);
        return BlobWriteResult.Written;
    }

    // What an earlier process left may have been damaged since, so only a second try from the start tells who is to blame.
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
                throw LayoutFaults.BrokeOff(image, write.Blob, partial.Length);
        }
        return partial.IsBlob();
    }

    /// <summary>Moves what the source has into the blob, reading the next bytes while the ones before are hashed and written.</summary>
    /// <returns>False where it has more than belongs there.</returns>
    private static async Task<bool> CopyAsync(Stream source, PartialBlob partial, CancellationToken cancellation)
    {
        var reading = ArrayPool<byte>.Shared.Rent(BufferSize);
        var writing = ArrayPool<byte>.Shared.Rent(BufferSize);
        var written = Task.CompletedTask;
        try
        {
            while (true)
            {
                var count = await source.ReadAtLeastAsync(reading, LeastChunk, throwOnEndOfStream: false, cancellation);
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
            // The buffers and the file are in use until it has ended. Where it failed, that has been told, or something worse is.
            await written.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            ArrayPool<byte>.Shared.Return(reading);
            ArrayPool<byte>.Shared.Return(writing);
        }
    }
}

using Crane.Adapters.Machine;
using Crane.Names;
using Crane.Oci;

namespace Crane.Adapters.OciLayout;

/// <summary>The content that a layout has, each under its digest.</summary>
internal sealed class BlobFolder(LayoutFolder folder)
{
    /// <summary>Whether content is there, as far as its length tells.</summary>
    public bool Has(Descriptor blob)
    {
        var file = new FileInfo(folder.Blob(blob.Digest));
        if (!file.Exists)
            return false;

        // Some programs make layouts of links; the length of a link is that of its text.
        var content = file.LinkTarget is null ? file : file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo;
        return content is { Exists: true } && content.Length == blob.Size;
    }

    /// <summary>Opens content at a position.</summary>
    /// <exception cref="CraneException">
    /// ImageNotFound where it is not there; DigestMismatch where it has another length; PullFailed where it cannot be read.
    /// </exception>
    public Stream Open(ImageName image, Descriptor blob, long offset)
    {
        var file = Open(blob.Digest) ?? throw LayoutFaults.NoSuchContent(image, blob.Digest, folder);
        if (file.Length == blob.Size)
        {
            file.Position = offset;
            return file;
        }
        var fault = LayoutFaults.Damaged(image, blob.Digest, file.Name, $"has {file.Length} bytes instead of {blob.Size}");
        file.Dispose();
        throw fault;
    }

    /// <summary>Reads a manifest, and checks its digest; null where it is not there.</summary>
    /// <param name="image">Whose it is, for messages.</param>
    /// <param name="digest">Its digest.</param>
    /// <param name="mediaType">Its kind, where it does not say that itself.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="CraneException">
    /// DigestMismatch for other content; PullFailed for what is no manifest, is too large for one, or cannot be read.
    /// </exception>
    public async Task<Manifest?> FindManifestAsync(ImageName image, Digest digest, string? mediaType, CancellationToken cancellation)
    {
        await using var file = Open(digest);
        if (file is null)
            return null;
        var bytes = await ReadAsync(image, file, cancellation);
        return digest.IsOf(bytes)
            ? Manifest.Read(bytes, mediaType, digest, image)
            : throw LayoutFaults.Damaged(image, digest, file.Name, "is other content");
    }

    /// <summary>Reads a manifest; null where it is not there, or where something else is there in its place.</summary>
    /// <exception cref="CraneException">PullFailed, as above.</exception>
    public async Task<Manifest?> FindIntactAsync(ImageName image, Descriptor manifest, CancellationToken cancellation)
    {
        try
        {
            return await FindManifestAsync(image, manifest.Digest, manifest.MediaType, cancellation);
        }
        catch (CraneException damaged) when (damaged.Id == CraneErrorId.DigestMismatch)
        {
            return null;
        }
    }

    /// <summary>Removes content that is damaged, so that it can be written again. No error where it is not there.</summary>
    /// <exception cref="CraneException">PullFailed.</exception>
    public void Remove(Descriptor damaged)
    {
        var path = folder.Blob(damaged.Digest);
        if (File.Exists(path))
            Storage.Write(path, () => File.Delete(path));
    }

    private static async Task<byte[]> ReadAsync(ImageName image, SharedFile file, CancellationToken cancellation)
    {
        try
        {
            return await file.ReadToEndAsync(Manifest.MaxSize, cancellation);
        }
        catch (FileRefusedException)
        {
            throw LayoutFaults.NotAManifest(image, file.Name, file.Length);
        }
    }

    private SharedFile? Open(Digest digest)
    {
        var path = folder.Blob(digest);
        try
        {
            return SharedFile.Open(path);
        }
        catch (Exception fault) when (Storage.IsFault(fault))
        {
            throw Storage.NotRead(path, fault);
        }
    }
}

using Crane.Adapters.Machine;
using Crane.Names;
using Crane.Oci;

namespace Crane.Adapters.OciLayout;

/// <summary>The content of a layout, by digest.</summary>
internal sealed class BlobFolder(LayoutFolder folder)
{
    /// <summary>Whether content exists with the right length.</summary>
    public bool Has(Descriptor blob)
    {
        var file = new FileInfo(folder.Blob(blob.Digest));
        if (!file.Exists)
            return false;

        // Some programs make layouts of links; the length of a link is that of its target's path.
        var content = file.LinkTarget is null ? file : file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo;
        return content is { Exists: true } && content.Length == blob.Size;
    }

    /// <summary>Opens content at a position.</summary>
    /// <exception cref="CraneException">
    /// ImageNotFound where it does not exist; DigestMismatch for another length; PullFailed where it cannot be read.
    /// </exception>
    public Stream Open(ImageName image, Descriptor blob, long offset)
    {
        var file = Open(blob.Digest) ?? throw LayoutErrors.NoSuchContent(image, blob.Digest, folder);
        if (file.Length == blob.Size)
        {
            file.Position = offset;
            return file;
        }
        var error = LayoutErrors.Damaged(image, blob.Digest, file.Name, $"has {file.Length} bytes instead of {blob.Size}");
        file.Dispose();
        throw error;
    }

    /// <summary>Reads a manifest and checks its digest; null where it does not exist.</summary>
    /// <exception cref="CraneException">
    /// DigestMismatch for other content; PullFailed where it is not a manifest, is too large for one, or cannot be read.
    /// </exception>
    public async Task<Manifest?> FindManifestAsync(ImageName image, Digest digest, string? mediaType, CancellationToken cancellation)
    {
        await using var file = Open(digest);
        if (file is null)
            return null;
        var bytes = await ReadAsync(image, file, cancellation);
        return digest.IsOf(bytes)
            ? Manifest.Read(bytes, mediaType, digest, image)
            : throw LayoutErrors.Damaged(image, digest, file.Name, "has other content");
    }

    /// <summary>Reads a manifest; null where it does not exist or is damaged.</summary>
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

    /// <summary>Removes damaged content, where it exists, so that it can be written again.</summary>
    /// <exception cref="CraneException">PullFailed.</exception>
    public void Remove(Descriptor damaged)
    {
        var path = folder.Blob(damaged.Digest);
        if (File.Exists(path))
            Storage.Write(path, () => File.Delete(path));
    }

    private static async Task<byte[]> ReadAsync(ImageName image, LayoutFile file, CancellationToken cancellation)
    {
        try
        {
            return await RegularFile.ReadToEndAsync(file, Manifest.MaxSize, cancellation);
        }
        catch (FileRefusedException)
        {
            throw LayoutErrors.NotAManifest(image, file.Name, file.Length);
        }
    }

    private LayoutFile? Open(Digest digest)
    {
        var path = folder.Blob(digest);
        try
        {
            return LayoutFile.Open(path);
        }
        catch (Exception exception) when (Storage.IsFileError(exception))
        {
            throw Storage.NotRead(path, exception);
        }
    }
}

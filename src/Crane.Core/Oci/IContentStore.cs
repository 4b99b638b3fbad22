using Crane.Names;

namespace Crane.Oci;

/// <summary>A source and target of images.</summary>
internal interface IContentStore : IContentSource, IContentTarget, IAsyncDisposable
{
    /// <summary>The store's name in results and messages, such as <c>oci:/srv/images</c>.</summary>
    string Name { get; }
}

/// <summary>Says in which location the content of a name is.</summary>
internal interface IContentLocation
{
    /// <summary>The registry's host, whose repositories can mount each other's blobs, or the folder. Limits are per location.</summary>
    string LocationOf(ImageName image) => image.Registry;
}

/// <summary>A source of images, read blob by blob: registries, or a layout folder.</summary>
/// <remarks>Streams, too, throw CraneException. Of the name of a repository only registry and repository count.</remarks>
internal interface IContentSource : IContentLocation
{
    /// <summary>The descriptor of the image's tag or digest, with read access, also from a mirror; null for none.</summary>
    /// <exception cref="CraneException">RegistryUnauthorized, RegistryUnreachable, PullFailed.</exception>
    Task<Descriptor?> ResolveAsync(ImageName image, CancellationToken cancellation);

    /// <summary>The manifest or index of the image's tag or digest, if possible in one request; null if there is none.</summary>
    /// <exception cref="CraneException">As above, and as for <see cref="ReadManifestAsync"/>.</exception>
    async Task<Manifest?> FindManifestAsync(ImageName image, CancellationToken cancellation) =>
        await ResolveAsync(image, cancellation) is { } found ? await ReadManifestAsync(image, found, cancellation) : null;

    /// <summary>What the source says about an image that it does not have, without a full stop; null for nothing.</summary>
    /// <exception cref="CraneException">As above.</exception>
    Task<string?> WhyAbsentAsync(ImageName image, CancellationToken cancellation) => Task.FromResult<string?>(null);

    /// <summary>Reads a manifest or index, and checks its bytes against the digest.</summary>
    /// <exception cref="CraneException">As above; ImageNotFound, DigestMismatch.</exception>
    Task<Manifest> ReadManifestAsync(ImageName repository, Descriptor manifest, CancellationToken cancellation);

    /// <summary>Opens a blob at an offset. Neither its bytes nor its length are checked.</summary>
    /// <exception cref="CraneException">As above; ImageNotFound.</exception>
    Task<Stream> OpenBlobAsync(ImageName repository, Descriptor blob, long offset, CancellationToken cancellation);

    /// <summary>The source of a repository's blobs after this one failed or returned wrong bytes: the same without mirrors.</summary>
    IContentSource WithoutMirrors(ImageName repository) => this;

    /// <summary>The manifests that refer to a manifest, such as signatures.</summary>
    /// <exception cref="CraneException">As above.</exception>
    Task<IReadOnlyList<Descriptor>> ReferrersAsync(ImageName repository, Digest subject, CancellationToken cancellation);
}

/// <summary>A target of images, written blob by blob and the tag last: registries, or a layout folder.</summary>
/// <remarks>Of the <see cref="ImageName"/> of a repository only registry and repository count.</remarks>
internal interface IContentTarget : IContentLocation
{
    /// <summary>The complete image that has the name now, with write access and not from a mirror; null if there is none.</summary>
    /// <exception cref="CraneException">RegistryUnauthorized, RegistryUnreachable, PushFailed.</exception>
    Task<Descriptor?> CurrentAsync(ImageName image, CancellationToken cancellation);

    /// <summary>The images that have only this name. None where images need no name, as in a registry.</summary>
    /// <exception cref="CraneException">As above.</exception>
    Task<IReadOnlyList<Descriptor>> LastNamedAsync(ImageName name, IReadOnlySet<ImageName> retagged, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<Descriptor>>([]);

    /// <summary>Whether a manifest exists, and everything that it needs.</summary>
    /// <exception cref="CraneException">As above.</exception>
    Task<bool> HasManifestAsync(ImageName repository, Descriptor manifest, CancellationToken cancellation);

    /// <summary>Whether a blob exists.</summary>
    /// <exception cref="CraneException">As above.</exception>
    Task<bool> HasBlobAsync(ImageName repository, Descriptor blob, CancellationToken cancellation);

    /// <summary>Mounts a blob from another repository of the target. If that is refused, it checks whether the blob exists.</summary>
    /// <exception cref="CraneException">As above.</exception>
    Task<BlobMount> MountBlobAsync(ImageName repository, Descriptor blob, ImageName from, CancellationToken cancellation) =>
        Task.FromResult(new BlobMount(null));

    /// <summary>Writes a blob, and checks its digest.</summary>
    /// <exception cref="CraneException">As above; DigestMismatch; what the source throws.</exception>
    Task<BlobWriteResult> WriteBlobAsync(ImageName repository, BlobWrite write, CancellationToken cancellation);

    /// <summary>Writes a manifest by its digest. Its blobs and manifests must exist.</summary>
    /// <exception cref="CraneException">As above.</exception>
    Task WriteManifestAsync(ImageName repository, Manifest manifest, CancellationToken cancellation);

    /// <summary>Writes a manifest by the tag of <paramref name="image"/>. Its blobs and manifests must exist.</summary>
    /// <exception cref="CraneException">As above.</exception>
    Task WriteTagAsync(ImageName image, Manifest manifest, CancellationToken cancellation);

    /// <summary>
    /// Makes names refer to existing manifests, or removes them where the digest is null: in a folder all at once, in registries one after
    /// the other.
    /// </summary>
    /// <exception cref="CraneException">As above; ImageNotFound if a manifest does not exist.</exception>
    Task SetNamesAsync(IReadOnlyList<(ImageName Name, Digest? Digest)> names, CancellationToken cancellation);
}

/// <summary>A blob to write.</summary>
/// <param name="OpenAsync">Opens it at an offset, so that a write can resume. The stream ends with its last byte or an exception.</param>
internal sealed record BlobWrite(Descriptor Blob, Func<long, CancellationToken, Task<Stream>> OpenAsync)
{
    /// <summary>The upload that the registry opened instead of a mount; null for none.</summary>
    public string? Upload { get; init; }
}

/// <summary>The outcome of a mount.</summary>
/// <param name="Result">How the blob exists now; null if it does not.</param>
/// <param name="Upload">The upload that the registry opened instead; null for none.</param>
internal sealed record BlobMount(BlobWriteResult? Result, string? Upload = null);

/// <summary>How a blob got to its target.</summary>
internal enum BlobWriteResult
{
    /// <summary>Its bytes were moved.</summary>
    Written,

    /// <summary>The target mounted it from another of its repositories.</summary>
    Mounted,

    /// <summary>It existed.</summary>
    Existed,
}

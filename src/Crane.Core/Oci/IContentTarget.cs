namespace Crane.Oci;

/// <summary>Where images can be written to, piece by piece, the tag last: registries, or a layout folder.</summary>
/// <remarks>Of an <see cref="ImageName"/> that says where content goes, only registry and repository count, except where a tag is written.</remarks>
internal interface IContentTarget : IContentPlace
{
    /// <summary>
    /// What is under that name now, as one who is about to write it has to know: with the right to write, and whole. Null where
    /// there is nothing.
    /// </summary>
    /// <exception cref="CraneException">RegistryUnauthorized, RegistryUnreachable, PushFailed.</exception>
    Task<Descriptor?> CurrentAsync(ImageName image, CancellationToken cancellation);

    /// <summary>The images of that name that have no other one. None where an image stays without a name, too, as in a registry.</summary>
    /// <param name="name">A name without a digest.</param>
    /// <param name="given">Names that do not count any more: they are being given to other images.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="CraneException">As above.</exception>
    Task<IReadOnlyList<Descriptor>> LastNamedAsync(ImageName name, IReadOnlySet<ImageName> given, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<Descriptor>>([]);

    /// <summary>Whether a manifest is there, and with it everything that it needs.</summary>
    /// <exception cref="CraneException">As above.</exception>
    Task<bool> HasManifestAsync(ImageName repository, Descriptor manifest, CancellationToken cancellation);

    /// <summary>Whether a blob is there.</summary>
    /// <exception cref="CraneException">As above.</exception>
    Task<bool> HasBlobAsync(ImageName repository, Descriptor blob, CancellationToken cancellation);

    /// <summary>
    /// Asks the target to take a blob from another of its repositories. It is not looked for first; where the mount is refused,
    /// it is.
    /// </summary>
    /// <exception cref="CraneException">As above.</exception>
    Task<BlobMount> MountBlobAsync(ImageName repository, Descriptor blob, ImageName from, CancellationToken cancellation) =>
        Task.FromResult(new BlobMount(null));

    /// <summary>Brings a blob in, and returns when it is there and its digest has been checked.</summary>
    /// <exception cref="CraneException">As above; DigestMismatch; whatever opening or reading the source throws.</exception>
    Task<BlobWriteResult> WriteBlobAsync(ImageName repository, BlobWrite write, CancellationToken cancellation);

    /// <summary>Writes a manifest whose blobs and manifests are there, under its digest only.</summary>
    /// <exception cref="CraneException">As above.</exception>
    Task WriteManifestAsync(ImageName repository, Manifest manifest, CancellationToken cancellation);

    /// <summary>Writes a manifest whose blobs and manifests are there, under the tag of <paramref name="image"/>.</summary>
    /// <exception cref="CraneException">As above.</exception>
    Task WriteTagAsync(ImageName image, Manifest manifest, CancellationToken cancellation);
}

/// <summary>A blob to be written.</summary>
/// <param name="Blob">What it is.</param>
/// <param name="OpenAsync">
/// Opens it at a position, so that a write that broke off goes on where it was. What a stream of it ends with is the
/// blob's last byte, or an exception.
/// </param>
internal sealed record BlobWrite(Descriptor Blob, Func<long, CancellationToken, Task<Stream>> OpenAsync)
{
    /// <summary>The upload that a refused mount has begun; null for none.</summary>
    public string? Upload { get; init; }
}

/// <summary>What came of a mount.</summary>
/// <param name="Result">How the blob is there now; null where it is not.</param>
/// <param name="Upload">The upload that the target has begun in place of the mount; null for none.</param>
internal sealed record BlobMount(BlobWriteResult? Result, string? Upload = null);

/// <summary>How a blob came to be where it is.</summary>
internal enum BlobWriteResult
{
    /// <summary>Its bytes were moved.</summary>
    Written,

    /// <summary>The target took it from another of its repositories, without moving its bytes.</summary>
    Mounted,

    /// <summary>It was there.</summary>
    Existed,
}

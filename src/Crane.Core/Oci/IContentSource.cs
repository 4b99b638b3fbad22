using Crane.Names;

namespace Crane.Oci;

/// <summary>Where images can be read from, piece by piece: registries, or a layout folder.</summary>
/// <remarks>
/// Of an <see cref="ImageName"/> that says where content lies, only registry and repository count. Streams that are given
/// throw CraneException, too, where their source fails.
/// </remarks>
internal interface IContentSource : IContentPlace
{
    /// <summary>
    /// What the image's tag or digest stands for, to one who reads it: with the right to read only, of a mirror where there is
    /// one. Null where there is no such image.
    /// </summary>
    /// <exception cref="CraneException">RegistryUnauthorized, RegistryUnreachable, PullFailed.</exception>
    Task<Descriptor?> ResolveAsync(ImageName image, CancellationToken cancellation);

    /// <summary>The manifest or index that the image's tag or digest stands for, where a store can in one request; null where there is none.</summary>
    /// <exception cref="CraneException">As above, and as for <see cref="ReadManifestAsync"/>.</exception>
    async Task<Manifest?> FindManifestAsync(ImageName image, CancellationToken cancellation) =>
        await ResolveAsync(image, cancellation) is { } found ? await ReadManifestAsync(image, found, cancellation) : null;

    /// <summary>What the place says about an image that is not there, without a full stop; null for nothing.</summary>
    /// <exception cref="CraneException">As above.</exception>
    Task<string?> WhyAbsentAsync(ImageName image, CancellationToken cancellation) => Task.FromResult<string?>(null);

    /// <summary>Reads a manifest or index; its bytes have been checked against the digest.</summary>
    /// <exception cref="CraneException">As above; ImageNotFound where it is not there, DigestMismatch for other bytes.</exception>
    Task<Manifest> ReadManifestAsync(ImageName repository, Descriptor manifest, CancellationToken cancellation);

    /// <summary>Opens a blob at a position. Its bytes are not checked here, nor is the end of the stream.</summary>
    /// <exception cref="CraneException">As above; ImageNotFound where it is not there.</exception>
    Task<Stream> OpenBlobAsync(ImageName repository, Descriptor blob, long offset, CancellationToken cancellation);

    /// <summary>
    /// Where to read a repository's blobs from after this has given wrong bytes, or broken off: the place itself, without the
    /// mirrors that stand in for it. It is this where there are none.
    /// </summary>
    IContentSource WithoutMirrors(ImageName repository) => this;

    /// <summary>The manifests that say that they are about that one: signatures, say. Empty where there are none.</summary>
    /// <exception cref="CraneException">As above.</exception>
    Task<IReadOnlyList<Descriptor>> ReferrersAsync(ImageName repository, Digest subject, CancellationToken cancellation);
}

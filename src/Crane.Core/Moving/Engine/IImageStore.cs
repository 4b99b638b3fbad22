using Crane.Comparing;
using Crane.Moving.Run;
using Crane.Names;
using Crane.Oci;

namespace Crane.Moving.Engine;

/// <summary>A container engine: its local images, and its pulls and pushes.</summary>
internal interface IImageStore : ILocalImages, IRegistryTransfer, ILocalStore;

/// <summary>The images of a local store and their names.</summary>
internal interface ILocalImages : ILocalImageFinder
{
    /// <summary>Adds the name <paramref name="target"/> to the image <paramref name="source"/>, atomically.</summary>
    /// <exception cref="CraneException">LocalImageNotFound, TagFailed, EngineUnreachable.</exception>
    Task TagAsync(ImageName source, ImageName target, CancellationToken cancellation);

    /// <summary>Adds a name to an image by its id.</summary>
    /// <exception cref="CraneException">As above.</exception>
    Task TagAsync(LocalImage image, ImageName target, CancellationToken cancellation);

    /// <summary>Removes a name; the image stays if it has another one. It is no error if there is no such name.</summary>
    /// <exception cref="CraneException">TagFailed, EngineUnreachable.</exception>
    Task UntagAsync(ImageName image, CancellationToken cancellation);
}

/// <summary>Moves images between registries and a local store.</summary>
internal interface IRegistryTransfer
{
    /// <summary>Asks the registry for an image; a missing one is not an error.</summary>
    /// <exception cref="CraneException">RegistryUnauthorized, RegistryUnreachable, EngineUnreachable.</exception>
    Task<RemoteImage> FindRemoteAsync(ImageName remote, CancellationToken cancellation);

    /// <summary>Pulls an image by its remote name, or by the digest in that.</summary>
    /// <param name="platform">The platform of an index; null for that of the engine.</param>
    /// <returns>The digest that was pulled; null if unknown.</returns>
    /// <exception cref="CraneException">
    /// ImageNotFound, RegistryUnauthorized, RegistryUnreachable, EngineUnreachable; PullFailed, also if the store does not confirm success.
    /// </exception>
    Task<Digest?> PullAsync(
        ImageName remote, ImagePlatform? platform, IProgress<TransferProgress> progress, CancellationToken cancellation);

    /// <summary>Pushes the local image of that name; a digest in the name is ignored.</summary>
    /// <returns>The digest in the registry; null if unknown.</returns>
    /// <exception cref="CraneException">
    /// LocalImageNotFound, RegistryUnauthorized, RegistryUnreachable, EngineUnreachable; PushFailed, also if the store does not confirm
    /// success.
    /// </exception>
    Task<Digest?> PushAsync(ImageName remote, IProgress<TransferProgress> progress, CancellationToken cancellation);
}

/// <summary>What a registry has for a name.</summary>
/// <param name="Digest">The digest of the manifest or index; null if it is not present.</param>
internal sealed record RemoteImage(RemoteState State, Digest? Digest)
{
    /// <summary>The media type of the manifest; null if unknown.</summary>
    public string? MediaType { get; init; }

    /// <summary>Its platforms, as far as they are known.</summary>
    public IReadOnlyList<ImagePlatform> Platforms { get; init; } = [];

    public static RemoteImage Absent => new(RemoteState.Absent, null);

    public static RemoteImage Unknown => new(RemoteState.Unknown, null);

    public static RemoteImage Present(Digest digest) => new(RemoteState.Present, digest);
}

/// <summary>Whether a registry has an image.</summary>
internal enum RemoteState
{
    /// <summary>The store cannot ask the registry.</summary>
    Unknown,

    /// <summary>The registry has no such image.</summary>
    Absent,

    /// <summary>The registry has it.</summary>
    Present,
}

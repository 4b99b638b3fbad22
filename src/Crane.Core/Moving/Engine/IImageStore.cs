using Crane.Moving.Run;
using Crane.Names;
using Crane.Oci;

namespace Crane.Moving.Engine;

/// <summary>A local store that can move images from and to registries: a container engine, or a layout folder.</summary>
internal interface IImageStore : ILocalImages, IRegistryTransfer, IAsyncDisposable
{
    /// <summary>How the store is called in results and messages, such as <c>unix:///var/run/docker.sock</c>.</summary>
    string Name { get; }
}

/// <summary>The images of a local store and their names.</summary>
internal interface ILocalImages
{
    /// <summary>The image of that name; null where there is none.</summary>
    Task<LocalImage?> FindAsync(ImageName image, CancellationToken cancellation);

    /// <summary>Gives the image <paramref name="source"/> the further name <paramref name="target"/>, atomically.</summary>
    /// <exception cref="CraneException">LocalImageNotFound, TagFailed, EngineUnreachable.</exception>
    Task TagAsync(ImageName source, ImageName target, CancellationToken cancellation);

    /// <summary>Gives a name to that image, whatever its other names mean by now.</summary>
    /// <exception cref="CraneException">As above.</exception>
    Task TagAsync(LocalImage image, ImageName target, CancellationToken cancellation);

    /// <summary>Takes a name away; the image stays where it has another name. No error where there was no such name.</summary>
    /// <exception cref="CraneException">TagFailed, EngineUnreachable.</exception>
    Task UntagAsync(ImageName image, CancellationToken cancellation);
}

/// <summary>An image in a local store.</summary>
/// <param name="Id">The store's id of it: equal ids are equal images within one store, and nothing more.</param>
/// <param name="Digests">
/// Every digest under which a registry may know this very image: those it was pulled or pushed with, and for a
/// store that keeps manifests those of its index and of its platforms.
/// </param>
/// <param name="Layers">Uncompressed layer digests (diff ids), base first.</param>
internal sealed record LocalImage(string Id, IReadOnlySet<Digest> Digests, IReadOnlyList<string> Layers)
{
    /// <summary>Its names, each with a tag.</summary>
    public IReadOnlyList<ImageName> Names { get; init; } = [];

    /// <summary>
    /// Names with digests under which registries had or got it. One that it has only because the store gives every image a
    /// digest is not among them.
    /// </summary>
    public IReadOnlyList<ImageName> Origins { get; init; } = [];

    /// <summary>When it was built; null where that is not said.</summary>
    public DateTimeOffset? Created { get; init; }

    /// <summary>Its label about what it was built from, as it is; null where it has none.</summary>
    public string? InputLabel { get; init; }

    /// <summary>The hash of its layers and of how it is run, that label excepted: equal for the same image in every store.</summary>
    public string ContentHash { get; init; } = "";

    /// <summary>The platforms of it that are here.</summary>
    public IReadOnlyList<ImagePlatform> Platforms { get; init; } = [];

    /// <summary>The platforms of its index that are not here.</summary>
    public IReadOnlyList<ImagePlatform> AbsentPlatforms { get; init; } = [];

    /// <summary>The digest that a push of it has; null for a store that makes manifests only when it pushes.</summary>
    public Digest? PushDigest { get; init; }
}

/// <summary>What moves between registries and a local store.</summary>
internal interface IRegistryTransfer
{
    /// <summary>What the registry has under that name now. An image that is absent is an answer, not an error.</summary>
    /// <exception cref="CraneException">RegistryUnauthorized, RegistryUnreachable, EngineUnreachable.</exception>
    Task<RemoteImage> ResolveAsync(ImageName remote, CancellationToken cancellation);

    /// <summary>Pulls an image under its remote name; by its digest where the name has one.</summary>
    /// <returns>The digest that was pulled, null where the store does not say.</returns>
    /// <exception cref="CraneException">
    /// ImageNotFound, RegistryUnauthorized, RegistryUnreachable, EngineUnreachable; PullFailed, also where the store ends without
    /// a word of success.
    /// </exception>
    Task<Digest?> PullAsync(ImageName remote, IProgress<TransferProgress> progress, CancellationToken cancellation);

    /// <summary>Pushes the local image of that name; a digest in the name is not looked at.</summary>
    /// <returns>The digest that the registry has now, null where the store does not say.</returns>
    /// <exception cref="CraneException">
    /// LocalImageNotFound, RegistryUnauthorized, RegistryUnreachable, EngineUnreachable; PushFailed, also where the store ends
    /// without a word of success.
    /// </exception>
    Task<Digest?> PushAsync(ImageName remote, IProgress<TransferProgress> progress, CancellationToken cancellation);
}

/// <summary>What a registry answered for a name.</summary>
/// <param name="State">Whether it is there.</param>
/// <param name="Digest">The digest of the manifest or index, where it is there.</param>
internal sealed record RemoteImage(RemoteState State, Digest? Digest)
{
    /// <summary>The kind of that manifest; null where that is not known.</summary>
    public string? MediaType { get; init; }

    /// <summary>The platforms that it is for, as far as they are known.</summary>
    public IReadOnlyList<ImagePlatform> Platforms { get; init; } = [];

    public static RemoteImage Absent => new(RemoteState.Absent, null);

    public static RemoteImage Unknown => new(RemoteState.Unknown, null);

    public static RemoteImage Present(Digest digest) => new(RemoteState.Present, digest);
}

/// <summary>Whether a registry has an image.</summary>
internal enum RemoteState
{
    /// <summary>The store has no way to ask; only moving the image tells.</summary>
    Unknown,

    /// <summary>The registry has no such image.</summary>
    Absent,

    /// <summary>The registry has it.</summary>
    Present,
}

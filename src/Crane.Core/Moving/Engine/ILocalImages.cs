using Crane.Names;
using Crane.Oci;

namespace Crane.Moving.Engine;

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

    /// <summary>
    /// The hash of its layers and of how it is run, that label excepted: equal for the same image in every store.
    /// </summary>
    public string ContentHash { get; init; } = "";

    /// <summary>The platforms of it that are here.</summary>
    public IReadOnlyList<ImagePlatform> Platforms { get; init; } = [];

    /// <summary>The platforms of its index that are not here.</summary>
    public IReadOnlyList<ImagePlatform> AbsentPlatforms { get; init; } = [];

    /// <summary>The digest that a push of it has; null for a store that makes manifests only when it pushes.</summary>
    public Digest? PushDigest { get; init; }
}

using Crane.Names;
using Crane.Oci;

namespace Crane.Comparing;

/// <summary>Finds images in a local store: an engine or a layout folder.</summary>
internal interface ILocalImageFinder
{
    /// <summary>The image of that name; null if there is none.</summary>
    /// <exception cref="CraneException">EngineUnreachable; PullFailed for a damaged image in a layout folder.</exception>
    Task<LocalImage?> FindAsync(ImageName image, CancellationToken cancellation);
}

/// <summary>A local store that images are only looked for in.</summary>
internal interface ILocalStore : ILocalImageFinder, IAsyncDisposable
{
    /// <summary>Its name in results and messages, such as <c>unix:///var/run/docker.sock</c> or <c>oci:/srv/images</c>.</summary>
    string Name { get; }

    /// <summary>Its content, blob by blob; null for an engine.</summary>
    IContentStore? Content => null;
}

/// <summary>An image in a local store.</summary>
/// <param name="Id">Its id, which is valid only in its store: the digest of its configuration, of its manifest or of its index.</param>
/// <param name="Digests">
/// All digests that the image may have in a registry: those it was pulled or pushed with, and in a store that has manifests those of its
/// index and platforms.
/// </param>
/// <param name="Layers">Uncompressed layer digests (diff ids), base first.</param>
internal sealed record LocalImage(string Id, IReadOnlySet<Digest> Digests, IReadOnlyList<string> Layers)
{
    /// <summary>Its names with tags, as far as its store lists them.</summary>
    public IReadOnlyList<ImageName> Names { get; init; } = [];

    /// <summary>Its names with digests in registries that it was pulled from or pushed to.</summary>
    public IReadOnlyList<ImageName> Origins { get; init; } = [];

    /// <summary>Its size in bytes, as the store counts them; null if the store does not say.</summary>
    public long? SizeBytes { get; init; }

    /// <summary>When it was built; null if unknown.</summary>
    public DateTimeOffset? Created { get; init; }

    /// <summary>The label with its build inputs; null for none.</summary>
    public string? InputLabel { get; init; }

    /// <summary>A hash of its layers and configuration without that label: equal for the same image in every store.</summary>
    public string ContentHash { get; init; } = "";

    /// <summary>Its platforms in the store.</summary>
    public IReadOnlyList<ImagePlatform> Platforms { get; init; } = [];

    /// <summary>The platforms of its index that the store does not have.</summary>
    public IReadOnlyList<ImagePlatform> AbsentPlatforms { get; init; } = [];

    /// <summary>The digest that a push will have; null for a store that creates manifests only when it pushes.</summary>
    public Digest? PushDigest { get; init; }

    /// <summary>The digest that it was pulled or pushed with in a repository; null if none is known.</summary>
    public Digest? DigestIn(ImageName repository) =>
        Origins.FirstOrDefault(origin => origin.RepositoryKey == repository.RepositoryKey)?.ContentDigest ?? PushDigest;

    /// <summary>
    /// The digests with which it may have been pulled from a repository or pushed to it. None for an image that was only tagged, in a store
    /// that creates manifests only when it pushes.
    /// </summary>
    public IEnumerable<Digest> SeenIn(ImageName repository) =>
        PushDigest is not null || Origins.Any(origin => origin.RepositoryKey == repository.RepositoryKey) ? Digests : [];

    /// <summary>Whether it is the same image, perhaps under another name.</summary>
    public bool IsSameAs(LocalImage other) => Id == other.Id || (ContentHash.Length > 0 && ContentHash == other.ContentHash);

    /// <summary>Whether it is for a platform, as far as its store says: an index has one digest for all of its platforms.</summary>
    public bool RunsOn(ImagePlatform? platform) => platform is null || Platforms.Count == 0 || Platforms.Any(platform.Accepts);

    /// <summary>The platforms that its push would remove from a target with these, which has more of them.</summary>
    public IReadOnlyList<ImagePlatform> PlatformsLostBy(IReadOnlyList<ImagePlatform> target) =>
        target.Count > Math.Max(1, Platforms.Count) ? [.. target.Except(Platforms)] : [];

    /// <summary>Whether its layers begin with those of another image.</summary>
    public bool BeginsWith(LocalImage parent) =>
        Layers.Take(parent.Layers.Count).SequenceEqual(parent.Layers, StringComparer.Ordinal);
}

using Crane.Names;
using Crane.Oci;

namespace Crane.Comparing;

/// <summary>An image in a registry or a layout folder: what comparing and moving it depends on.</summary>
/// <param name="Digest">The digest that its name has: of a manifest or an index.</param>
/// <param name="Layers">Its layers for one platform, base first; empty if it has none for that platform.</param>
internal sealed record RemoteImageFacts(Digest Digest, IReadOnlyList<RemoteLayer> Layers)
{
    /// <summary>All digests of the image: of its manifest, and of the index that it is in.</summary>
    public IReadOnlyList<Digest> Digests { get; init; } = [Digest];

    /// <summary>The digest of its configuration; null for an index without the platform.</summary>
    public Digest? Config { get; init; }

    /// <summary>When it was built; null if unknown.</summary>
    public DateTimeOffset? Created { get; init; }

    /// <summary>As <see cref="LocalImage.ContentHash"/>; empty if unknown.</summary>
    public string ContentHash { get; init; } = "";

    /// <summary>The platform of <see cref="Layers"/>; null if unknown.</summary>
    public ImagePlatform? Platform { get; init; }

    /// <summary>The value of the label with its build inputs; null for none.</summary>
    public string? InputLabel { get; init; }

    /// <summary>The uncompressed digests of its layers; null if one is unknown, as for an artifact.</summary>
    public IReadOnlyList<string>? DiffIds =>
        Config is not null && Layers.All(layer => layer.DiffId is not null) ? [.. Layers.Select(layer => layer.DiffId!)] : null;

    /// <summary>The compressed size in bytes of the layers that a store lacks.</summary>
    /// <param name="here">The diff ids of the layers that it has.</param>
    public long BytesWithout(IReadOnlySet<string> here) => ByteSize.Sum(
        Layers.Where(layer => layer.DiffId is null || !here.Contains(layer.DiffId))
            .DistinctBy(layer => layer.Digest).Select(layer => layer.Size));

    /// <summary>Whether a local image is the same, even with another manifest: stores and registries may rewrite that.</summary>
    public bool IsSameAs(LocalImage local) => Digests.Any(local.Digests.Contains)
        || (Config is not null && local.Id == Config.ToString())
        || (ContentHash.Length > 0 && ContentHash == local.ContentHash);
}

/// <summary>A layer of an image in a registry or a layout folder.</summary>
/// <param name="Digest">The digest of its blob, which may be compressed.</param>
/// <param name="Size">The size of its blob in bytes.</param>
/// <param name="DiffId">The digest of the uncompressed layer; null if the configuration does not say.</param>
internal sealed record RemoteLayer(Digest Digest, long Size, string? DiffId);

/// <summary>Reads the facts of images: one manifest, for an index also that of a platform, and one configuration.</summary>
internal static class RemoteImageReader
{
    /// <summary>Reads the image with that descriptor.</summary>
    /// <param name="platform">Chooses an image of an index. An index of a single image has only that choice.</param>
    /// <exception cref="CraneException">As for <see cref="IContentSource.ReadManifestAsync"/>; PullFailed.</exception>
    public static async Task<RemoteImageFacts> ReadAsync(
        IContentSource source, ImageName image, Descriptor found, ImagePlatform platform, CancellationToken cancellation)
    {
        var root = await source.ReadManifestAsync(image, found, cancellation);
        var manifest = !root.IsIndex ? root
            : Choose(root, platform) is { } child ? await source.ReadManifestAsync(image, child, cancellation)
            : null;
        if (manifest is null || manifest.IsIndex)
            return new RemoteImageFacts(found.Digest, []);

        var config = await ImageConfig.ReadAsync(source, image, manifest, cancellation);
        return new RemoteImageFacts(found.Digest, [.. manifest.Layers.Select((layer, index) =>
            new RemoteLayer(layer.Digest, layer.Size, config.DiffIds.Count == manifest.Layers.Count ? config.DiffIds[index] : null))])
        {
            Digests = [.. new[] { found.Digest, manifest.Descriptor.Digest }.Distinct()],
            Config = manifest.Config?.Digest,
            Created = config.Created,
            ContentHash = config.ContentHash,
            Platform = config.Platform,
            InputLabel = config.Labels.GetValueOrDefault(Oci.ContentHash.InputLabel),
        };
    }

    /// <summary>
    /// Whether a local image is that of a digest. It may have been pushed from another image store, which packs the same image with another
    /// digest. False if the registry cannot say.
    /// </summary>
    public static async Task<bool> IsSameAsync(
        IContentSource source, ImageName image, LocalImage local, CancellationToken cancellation)
    {
        try
        {
            var platform = local.Platforms is [var only] ? only : ImagePlatform.OfThisMachine;
            return await source.ResolveAsync(image, cancellation) is { } found
                && (await ReadAsync(source, image, found, platform, cancellation)).IsSameAs(local);
        }
        catch (CraneException)
        {
            return false;
        }
    }

    private static Descriptor? Choose(Manifest index, ImagePlatform platform)
    {
        var images = index.Manifests.Where(child => !MediaTypes.IsBlob(child.MediaType) && child.RunsOn is not null).ToList();
        return images.Find(child => platform.Accepts(child.RunsOn!)) ?? (images is [var only] ? only : null);
    }
}

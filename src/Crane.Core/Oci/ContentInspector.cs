using Crane.Names;

namespace Crane.Oci;

/// <summary>Inspects images in registries and layout folders by their manifests and configurations.</summary>
internal sealed class ContentInspector(IContentStore store, bool isLocal) : IImageInspector
{
    public async Task<CraneImage> InspectAsync(ImageName image, ImagePlatform? platform, ImageName? remote, CancellationToken cancellation)
    {
        var found = await store.FindManifestAsync(image, cancellation) ?? throw await NotFoundAsync(image, cancellation);
        var manifest = platform is null ? found : await PlatformChoice.ReadAsync(store, image, found, [platform], cancellation);
        var config = await ImageConfig.ReadAsync(store, image, manifest, cancellation);
        return new CraneImage
        {
            Name = image.ToString(),
            Store = store.LocationOf(image),
            Digest = manifest.Descriptor.Digest.ToString(),
            Platform = Platforms(manifest, config),
            SizeBytes = await SizeAsync(image, manifest, cancellation),
            Created = config.Created?.UtcDateTime,
            MediaType = manifest.Descriptor.MediaType,
            Label = config.Labels,
            Layer = manifest.Layers.Select(layer => new ImageLayer
            {
                Digest = layer.Digest.ToString(),
                SizeBytes = layer.Size,
                MediaType = layer.MediaType,
            }).ToList(),
            Manifest = manifest.Manifests.Select(child => new ImageManifest
            {
                Platform = child.RunsOn?.ToString(),
                Digest = child.Digest.ToString(),
                SizeBytes = child.Size,
                MediaType = child.MediaType,
            }).ToList(),
        };
    }

    public ValueTask DisposeAsync() => store.DisposeAsync();

    private async Task<long?> SizeAsync(ImageName image, Manifest manifest, CancellationToken cancellation)
    {
        if (!manifest.IsIndex)
            return manifest.ContentSize;
        var images = manifest.Manifests.Where(child => child.RunsOn is not null && !MediaTypes.IsBlob(child.MediaType)).ToList();
        var chosen = images.Find(child => ImagePlatform.OfThisMachine.Accepts(child.RunsOn!)) ?? images.FirstOrDefault();
        return chosen is null || await store.ReadManifestAsync(image, chosen, cancellation) is not { IsIndex: false } read
            ? null : read.ContentSize;
    }

    private static List<string> Platforms(Manifest manifest, ImageConfig config) => manifest.Manifests
        .Select(child => child.RunsOn).Append(config.Platform).OfType<ImagePlatform>()
        .Select(platform => platform.ToString()).Distinct(StringComparer.Ordinal).ToList();

    private async Task<CraneException> NotFoundAsync(ImageName image, CancellationToken cancellation) => isLocal
        ? NoSuchImage.InStore(image, store.Name, "Pull it first, or choose another engine with -Engine.")
        : NoSuchImage.InRegistry(
            image, await store.WhyAbsentAsync(image, cancellation),
            "Check the name and tag, and that the image was pushed. Use -Engine for local images.");
}

using Crane.Content;
using Crane.Inspecting;

namespace Crane.Adapters.Docker;

/// <summary>Shows the images of an engine.</summary>
internal sealed class EngineInspector(EngineApi engine) : IImageInspector
{
    private readonly DockerLocalImages _images = new(engine);

    public async Task<CraneImage> InspectAsync(ImageName image, ImagePlatform? platform, CancellationToken cancellation)
    {
        var found = await _images.InspectAsync(image, cancellation) ?? throw ImageFaults.NotLocal(image, engine.Endpoint);
        var runsOn = PlatformOf(found);
        if (platform is not null && (runsOn is null || !platform.Accepts(runsOn)))
            throw new CraneException(
                CraneErrorId.LocalImageNotFound,
                $"'{image}' in {engine.Endpoint.Address} is for {runsOn?.ToString() ?? "an unknown platform"}, not for {platform}.",
                "Leave -Platform out, or pull the image for that platform first.");
        return new CraneImage
        {
            Name = image.ToString(),
            Store = engine.Endpoint.Address,
            Digest = found.Descriptor?.Digest ?? DigestOf(image, found),
            Platform = runsOn is null ? [] : [runsOn.ToString()],
            SizeBytes = found.Size,
            Created = found.Created,
            MediaType = found.Descriptor?.MediaType,
            Label = found.Config?.Labels?.AsReadOnly() ?? Content.Descriptor.NoAnnotations,
            Layer = [.. (found.RootFS?.Layers ?? []).Select(layer => new ImageLayer { Digest = layer })],
        };
    }

    public ValueTask DisposeAsync()
    {
        engine.Dispose();
        return ValueTask.CompletedTask;
    }

    // Where the engine does not say it of the image, it may of the manifest that it has.
    private static ImagePlatform? PlatformOf(EngineImage found) =>
        Platform(found.Os, found.Architecture, found.Variant)
        ?? (found.Manifests ?? []).Where(manifest => manifest.Available)
            .Select(manifest => manifest.ImageData?.Platform).OfType<EnginePlatform>()
            .Select(known => Platform(known.Os, known.Architecture, known.Variant)).FirstOrDefault();

    private static ImagePlatform? Platform(string? os, string? architecture, string? variant) =>
        os is { Length: > 0 } && architecture is { Length: > 0 }
            ? new ImagePlatform(os, architecture, variant is { Length: > 0 } ? variant : null)
            : null;

    // Of several, the one that its own repository knows; an image that was built here has none.
    private static string? DigestOf(ImageName image, EngineImage found) => (found.RepoDigests ?? [])
        .Where(name => ImageName.TryParse(name, out var known)
            && known.Registry == image.Registry && known.Repository == image.Repository)
        .Select(name => name[(name.LastIndexOf('@') + 1)..])
        .FirstOrDefault();
}

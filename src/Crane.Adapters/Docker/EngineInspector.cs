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
        var runsOn = found is { Os: { Length: > 0 } os, Architecture: { Length: > 0 } architecture }
            ? new ImagePlatform(os, architecture, found.Variant is { Length: > 0 } variant ? variant : null)
            : null;
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
            Created = found.Created?.UtcDateTime,
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

    // Of several, the one that its own repository knows; an image that was built here has none.
    private static string? DigestOf(ImageName image, EngineImage found) => (found.RepoDigests ?? [])
        .Where(name => ImageName.TryParse(name, out var known)
            && known.Registry == image.Registry && known.Repository == image.Repository)
        .Select(name => name[(name.LastIndexOf('@') + 1)..])
        .FirstOrDefault();
}

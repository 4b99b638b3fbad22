using System.Runtime.CompilerServices;
using Crane.Oci;

namespace Crane.Adapters.Docker;

/// <summary>Shows the images of an engine.</summary>
internal sealed class EngineInspector(EngineApi engine) : IImageInspector, ITagReader
{
    private readonly DockerLocalImages _images = new(engine);

    public async Task<CraneImage> InspectAsync(
        ImageName image, ImagePlatform? platform, ImageName? remote, CancellationToken cancellation)
    {
        var found = await _images.InspectAsync(image, cancellation) ?? throw ImageFaults.NotLocal(image, engine.Endpoint);
        var runsOn = found.Platform;
        if (platform is not null && (runsOn is null || !platform.Accepts(runsOn)))
            throw new CraneException(
                CraneErrorId.LocalImageNotFound,
                $"'{image}' in {engine.Endpoint.Address} is for {runsOn?.ToString() ?? "an unknown platform"}, not for {platform}.",
                "Leave -Platform out, or pull the image for that platform first.");
        return new CraneImage
        {
            Name = image.ToString(),
            Store = engine.Endpoint.Address,
            Digest = found.Descriptor?.Digest ?? DigestOf([remote, image], found),
            Platform = runsOn is null ? [] : [runsOn.ToString()],
            SizeBytes = found.Size,
            Created = found.Built?.UtcDateTime,
            MediaType = found.Descriptor?.MediaType,
            Label = found.Config?.Labels?.AsReadOnly() ?? Oci.Descriptor.NoAnnotations,
            Layer = [.. found.Layers.Select(layer => new ImageLayer { Digest = layer })],
        };
    }

    public async IAsyncEnumerable<string> TagsAsync(ImageName repository, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var tags = await _images.TagsAsync(repository, cancellation);
        if (tags.Count == 0)
            throw ImageFaults.NoneOf(repository, engine.Endpoint);
        foreach (var tag in tags)
            yield return tag;
    }

    public ValueTask DisposeAsync()
    {
        engine.Dispose();
        return ValueTask.CompletedTask;
    }

    // Of several, the one that the first of these repositories knows, else any; an image that was only built here has none.
    private static string? DigestOf(IEnumerable<ImageName?> repositories, EngineImage found) => repositories.OfType<ImageName>()
        .SelectMany(name => found.Digested.Where(known => known.Registry == name.Registry && known.Repository == name.Repository))
        .Concat(found.Digested)
        .FirstOrDefault()?.Digest;
}

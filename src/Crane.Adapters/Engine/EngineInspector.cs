using System.Runtime.CompilerServices;
using Crane.Oci;
using Docker.DotNet.Models;

namespace Crane.Adapters.Engine;

/// <summary>Shows the images of an engine.</summary>
/// <param name="engine">The engine; disposed with this.</param>
internal sealed class EngineInspector(EngineClient engine) : IImageInspector, ITagReader
{
    private readonly EngineImages _images = new(engine);

    public async Task<CraneImage> InspectAsync(
        ImageName image, ImagePlatform? platform, ImageName? remote, CancellationToken cancellation)
    {
        var found = await _images.InspectAsync(EngineReference.Name(image), cancellation) ?? throw ImageErrors.NotLocal(image, engine.Endpoint);
        var runsOn = found.ShownPlatform();
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
            Created = found.Created?.ToUniversalTime(),
            MediaType = found.Descriptor?.MediaType,
            Label = found.Config?.Labels?.AsReadOnly() ?? Oci.Descriptor.NoAnnotations,
            Layer = [.. found.Layers().Select(layer => new ImageLayer { Digest = layer })],
        };
    }

    public async IAsyncEnumerable<string> TagsAsync(ImageName repository, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var listed = await engine.AskAsync(
            client => client.Images.ListImagesAsync(new ImagesListParameters(), cancellation),
            refused => throw EngineErrors.Failing(engine.Endpoint, refused.Message));
        var tags = (listed ?? []).OfType<ImagesListResponse>().SelectMany(image => image.RepoTags ?? [])
            .Select(name => ImageName.TryParse(name, out var read) ? read : null)
            .Where(name => name?.Registry == repository.Registry && name.Repository == repository.Repository)
            .Select(name => name!.TagOrDefault).OfType<string>().Distinct().Order(StringComparer.Ordinal).ToList();
        if (tags.Count == 0)
            throw ImageErrors.NoneOf(repository, engine.Endpoint);
        foreach (var tag in tags)
            yield return tag;
    }

    public ValueTask DisposeAsync()
    {
        engine.Dispose();
        return ValueTask.CompletedTask;
    }

    // Of several, the one that the first of these repositories knows, else any; an image that was only built here has none.
    private static string? DigestOf(IEnumerable<ImageName?> repositories, ImageInspectResponse found) => repositories.OfType<ImageName>()
        .SelectMany(name => found.Digested().Where(known => known.Registry == name.Registry && known.Repository == name.Repository))
        .Concat(found.Digested())
        .FirstOrDefault()?.Digest;
}

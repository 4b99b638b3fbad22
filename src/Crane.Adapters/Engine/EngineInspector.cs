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
        var found = await _images.InspectAsync(EngineReference.Name(image), cancellation)
            ?? throw ImageErrors.NotLocal(image, engine.Endpoint);
        var runsOn = found.ShownPlatform();
        if (platform is not null && (runsOn is null || !platform.Accepts(runsOn)))
            throw new CraneException(
                CraneErrorId.LocalImageNotFound,
                $"'{image}' in {engine.Endpoint.Address} is for {runsOn?.ToString() ?? "an unknown platform"}, not for {platform}.",
                "Leave out -Platform. To see another platform, name the image with its registry and leave out -Engine.");
        return new CraneImage
        {
            Name = image.ToString(),
            Store = engine.Endpoint.Address,
            Digest = found.Descriptor?.Digest ?? DigestOf([remote, image], found),
            Platform = runsOn is null ? [] : [runsOn.ToString()],
            // Docker's client reads a missing size as 0.
            SizeBytes = found.Size > 0 ? found.Size : null,
            Created = found.Created?.ToUniversalTime(),
            MediaType = found.Descriptor?.MediaType,
            Label = found.Config?.Labels?.AsReadOnly() ?? Oci.Descriptor.NoAnnotations,
            Layer = [.. found.Layers().Select(layer => new ImageLayer { Digest = layer })],
        };
    }

    /// <summary>The names of all images that have one, with their tags.</summary>
    /// <exception cref="CraneException">EngineUnreachable.</exception>
    public async Task<IReadOnlyList<ImageName>> NamesAsync(CancellationToken cancellation)
    {
        var listed = await engine.AskAsync(
            client => client.Images.ListImagesAsync(new ImagesListParameters(), cancellation),
            refused => throw EngineErrors.Failing(engine.Endpoint, refused.Message));
        return [.. (listed ?? []).OfType<ImagesListResponse>().SelectMany(image => image.RepoTags ?? [])
            .Select(name => ImageName.TryParse(name, out var read) ? read : null).OfType<ImageName>()];
    }

    public async IAsyncEnumerable<string> TagsAsync(ImageName repository, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var tags = (await NamesAsync(cancellation))
            .Where(name => name.RepositoryKey == repository.RepositoryKey)
            .Select(name => name.TagOrDefault).OfType<string>().Distinct().Order(StringComparer.Ordinal).ToList();
        if (tags.Count == 0)
            throw new CraneException(
                CraneErrorId.LocalImageNotFound,
                $"There is no image of '{repository.WithoutDigest().WithoutTag()}' in {engine.Endpoint.Address}.",
                "Build or pull one first, or look elsewhere with -Engine.");
        foreach (var tag in tags)
            yield return tag;
    }

    public ValueTask DisposeAsync()
    {
        engine.Dispose();
        return ValueTask.CompletedTask;
    }

    // The digest in the first of these repositories that has one, else any; an image that was only built here has none.
    private static string? DigestOf(IEnumerable<ImageName?> repositories, ImageInspectResponse found) => repositories.OfType<ImageName>()
        .SelectMany(name => found.Digested().Where(known => known.RepositoryKey == name.RepositoryKey))
        .Concat(found.Digested())
        .FirstOrDefault()?.Digest;
}

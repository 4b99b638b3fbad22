using System.Net;
using Crane.Comparing;
using Crane.Moving.Engine;
using Docker.DotNet.Models;

namespace Crane.Adapters.Engine;

/// <summary>The images of an engine and their names.</summary>
internal class EngineImages(EngineClient engine) : ILocalImages
{
    protected EngineClient Engine => engine;

    public async Task<LocalImage?> FindAsync(ImageName image, CancellationToken cancellation) =>
        (await InspectAsync(EngineReference.Name(image), cancellation))?.ToLocalImage(namesAreOrigins: !engine.IsPodman);

    /// <summary>The description of the image with that id or name; null where there is none.</summary>
    /// <exception cref="CraneException">EngineUnreachable.</exception>
    public async Task<ImageInspectResponse?> InspectAsync(string image, CancellationToken cancellation)
    {
        var found = await engine.AskAsync<ImageInspectResponse?>(
            async client => await client.Images.InspectImageAsync(image, cancellation) ?? new ImageInspectResponse(),
            refused => refused.Status == HttpStatusCode.NotFound ? null : throw EngineErrors.Failing(engine.Endpoint, refused.Message));
        return found is { ID: "" }
            ? throw EngineErrors.Failing(engine.Endpoint, "it described an image in an unknown format.")
            : found;
    }

    public async Task TagAsync(ImageName source, ImageName target, CancellationToken cancellation)
    {
        if (!await TryTagAsync(EngineReference.Name(source), target, cancellation))
            throw ImageErrors.NotLocal(source, engine.Endpoint);
    }

    public async Task TagAsync(LocalImage image, ImageName target, CancellationToken cancellation)
    {
        if (!await TryTagAsync(image.Id, target, cancellation))
            throw new CraneException(
                CraneErrorId.LocalImageNotFound,
                $"The image {image.Id}, which was '{target}' in {engine.Endpoint.Address}, no longer exists.",
                "Pull it again.");
    }

    /// <summary>Tags the image with that id or name.</summary>
    /// <returns>Whether there is such an image.</returns>
    /// <exception cref="CraneException">TagFailed, EngineUnreachable.</exception>
    public Task<bool> TryTagAsync(string source, ImageName target, CancellationToken cancellation) => engine.AskAsync(
        async client =>
        {
            await client.Images.TagImageAsync(
                source, new ImageTagParameters { RepositoryName = EngineReference.Repository(target), Tag = EngineReference.Tag(target) },
                cancellation);
            return true;
        },
        refused => refused.Status == HttpStatusCode.NotFound ? false : throw new CraneException(
            CraneErrorId.TagFailed,
            $"'{source}' could not be tagged '{target}' in {engine.Endpoint.Address}: {refused.Message}",
            "This is the engine's own message. See its log."));

    public Task UntagAsync(ImageName image, CancellationToken cancellation) => engine.AskAsync<object?>(
        async client => await client.Images.DeleteImageAsync(
            EngineReference.Name(image), new ImageDeleteParameters { NoPrune = true }, cancellation),
        refused => refused.Status is HttpStatusCode.NotFound or HttpStatusCode.OK ? null : throw new CraneException(
            CraneErrorId.TagFailed,
            $"The name '{image}' could not be removed in {engine.Endpoint.Address}: {refused.Message}",
            "A container may be using the image by its last name: remove the container, or keep the name."));
}

/// <summary>
/// The name of an image in requests to an engine: always in full, so that it is not taken for the start of an image id; by its digest
/// where it has one, since engines disagree about a name with both tag and digest.
/// </summary>
internal static class EngineReference
{
    public static string Repository(ImageName image) => $"{image.Registry}/{image.Repository}";

    public static string Tag(ImageName image) => image.Tag ?? "latest";

    /// <summary>The digest, else the tag.</summary>
    public static string Selector(ImageName image) => image.Digest ?? Tag(image);

    public static string Name(ImageName image) =>
        image.Digest is { } digest ? $"{Repository(image)}@{digest}" : $"{Repository(image)}:{Tag(image)}";
}

using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Crane.Errors;
using Crane.Moving.Engine;

namespace Crane.Adapters.Docker;

/// <summary>The images of an engine and their names.</summary>
internal sealed class DockerLocalImages(EngineApi engine) : ILocalImages
{
    public async Task<LocalImage?> FindAsync(ImageName image, CancellationToken cancellation) =>
        (await InspectAsync(image, cancellation))?.ToLocalImage(namesAreOrigins: !engine.IsPodman);

    /// <summary>The tags that the engine has of a repository.</summary>
    /// <exception cref="CraneException">EngineUnreachable.</exception>
    public async Task<IReadOnlyList<string>> TagsAsync(ImageName repository, CancellationToken cancellation)
    {
        var reply = await engine.SendAsync(HttpMethod.Get, "/images/json", null, cancellation);
        var listed = reply.IsSuccess
            ? Read(reply, DockerJson.Default.EngineListedArray) ?? throw EngineFaults.Failing(engine.Endpoint, "it listed its images in a form that is not known.")
            : throw EngineFaults.Failing(engine.Endpoint, reply.Message);
        return listed.OfType<EngineListed>().SelectMany(image => image.RepoTags ?? [])
            .Select(name => ImageName.TryParse(name, out var read) ? read : null)
            .Where(name => name?.Registry == repository.Registry && name.Repository == repository.Repository)
            .Select(name => name!.TagOrDefault).OfType<string>().Distinct().Order(StringComparer.Ordinal).ToList();
    }

    /// <summary>What the engine says about an image; null where there is none of that name.</summary>
    /// <exception cref="CraneException">EngineUnreachable.</exception>
    public async Task<EngineImage?> InspectAsync(ImageName image, CancellationToken cancellation)
    {
        var manifests = engine.Version >= ApiVersion.WithManifests ? "?manifests=1" : "";
        var reply = await engine.SendAsync(
            HttpMethod.Get, $"/images/{EngineReference.Name(image)}/json{manifests}", null, cancellation);
        if (reply.Status == HttpStatusCode.NotFound)
            return null;
        if (!reply.IsSuccess)
            throw EngineFaults.Failing(engine.Endpoint, reply.Message);
        return Read(reply, DockerJson.Default.EngineImage) is { Id: not null } found
            ? found
            : throw EngineFaults.Failing(engine.Endpoint, "it described an image in a form that is not known.");
    }

    public async Task TagAsync(ImageName source, ImageName target, CancellationToken cancellation)
    {
        if (!await TryTagAsync(EngineReference.Name(source), target, cancellation))
            throw ImageFaults.NotLocal(source, engine.Endpoint);
    }

    public async Task TagAsync(LocalImage image, ImageName target, CancellationToken cancellation)
    {
        if (!await TryTagAsync(image.Id, target, cancellation))
            throw new CraneException(
                CraneErrorId.LocalImageNotFound,
                $"The image {image.Id}, which was '{target}' in {engine.Endpoint.Address}, is not there any more.",
                "Pull it again, or leave it.");
    }

    /// <summary>Gives a name to the image with that id or name.</summary>
    /// <returns>Whether there is such an image.</returns>
    /// <exception cref="CraneException">TagFailed, EngineUnreachable.</exception>
    public async Task<bool> TryTagAsync(string source, ImageName target, CancellationToken cancellation)
    {
        var query = $"repo={Uri.EscapeDataString(EngineReference.Repository(target))}&tag={EngineReference.Tag(target)}";
        var reply = await engine.SendAsync(HttpMethod.Post, $"/images/{source}/tag?{query}", null, cancellation);
        if (!reply.IsSuccess && reply.Status != HttpStatusCode.NotFound)
            throw new CraneException(
                CraneErrorId.TagFailed,
                $"'{source}' could not be tagged '{target}' in {engine.Endpoint.Address}: {reply.Message}",
                "These are the engine's own words; its log says more.");
        return reply.IsSuccess;
    }

    public async Task UntagAsync(ImageName image, CancellationToken cancellation)
    {
        var reply = await engine.SendAsync(
            HttpMethod.Delete, $"/images/{EngineReference.Name(image)}?noprune=true", null, cancellation);
        if (!reply.IsSuccess && reply.Status != HttpStatusCode.NotFound)
            throw new CraneException(
                CraneErrorId.TagFailed,
                $"The name '{image}' could not be taken away in {engine.Endpoint.Address}: {reply.Message}",
                "A container may be using the image by its last name: remove the container, or keep the name.");
    }

    private static T? Read<T>(EngineReply reply, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(reply.Body, type);
        }
        catch (Exception fault) when (JsonFaults.IsUnreadable(fault))
        {
            return null;
        }
    }
}

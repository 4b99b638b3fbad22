using System.Text.Json;
using System.Text.Json.Serialization;
using Crane.Building;
using Crane.Stores;

namespace Crane.Adapters.Docker;

/// <summary>An image as the engine shows it: <c>GET /images/NAME/json</c>.</summary>
/// <param name="Id">The digest of its configuration; where the store keeps manifests, that of its index or manifest.</param>
/// <param name="RepoDigests">Names with the digests under which registries had or got it.</param>
/// <param name="RootFS">Its layers.</param>
/// <param name="Os">The operating system of the platform that is shown.</param>
/// <param name="Architecture">The architecture of that platform.</param>
/// <param name="Variant">Its variant, such as <c>v8</c>.</param>
/// <param name="Descriptor">Of the image's index or manifest, where the store keeps them.</param>
/// <param name="Manifests">What an index holds, where the store keeps it and the API is new enough.</param>
internal sealed record EngineImage(
    string Id,
    string[]? RepoDigests,
    EngineRootFs? RootFS,
    string? Os,
    string? Architecture,
    string? Variant,
    EngineDescriptor? Descriptor,
    EngineManifest[]? Manifests)
{
    /// <summary>Bytes of its layers, unpacked.</summary>
    public long? Size { get; init; }

    /// <summary>When it was built.</summary>
    public DateTimeOffset? Created { get; init; }

    /// <summary>How it is run.</summary>
    public EngineImageConfig? Config { get; init; }

    /// <summary>The image as a registry may know it.</summary>
    /// <remarks>
    /// Of an index, only the manifest of the platform that is shown counts: an engine that has no other one pushes just
    /// that manifest, and it is the very image that would be pulled. Another platform's manifest is another image.
    /// </remarks>
    public LocalImage ToLocalImage()
    {
        var digests = new HashSet<Digest>();
        foreach (var name in RepoDigests ?? [])
            Add(name[(name.LastIndexOf('@') + 1)..]);
        Add(Descriptor?.Digest);
        foreach (var manifest in Manifests ?? [])
            if (manifest is { Available: true, ImageData.Platform: { } platform } && IsShown(platform))
                Add(manifest.Descriptor?.Digest);
        return new LocalImage(Id, digests, RootFS?.Layers ?? [])
        {
            InputLabel = Config?.Labels?.GetValueOrDefault(BuildInputs.Label),
            ContentHash = ImageContentHash.Of(this),
        };

        void Add(string? text)
        {
            if (Digest.TryParse(text, out var digest))
                digests.Add(digest);
        }
    }

    private bool IsShown(EnginePlatform platform) =>
        platform.Os == Os && platform.Architecture == Architecture && (platform.Variant ?? "") == (Variant ?? "");
}

internal sealed record EngineRootFs(string[]? Layers);

internal sealed record EngineDescriptor(string? Digest, string? MediaType = null);

internal sealed record EngineImageConfig(Dictionary<string, string>? Labels)
{
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Other { get; set; }
}

internal sealed record EngineManifest(EngineDescriptor? Descriptor, bool Available, EngineImageData? ImageData);

internal sealed record EngineImageData(EnginePlatform? Platform);

internal sealed record EnginePlatform(string? Os, string? Architecture, string? Variant);

/// <summary>What a registry has: <c>GET /distribution/NAME/json</c>.</summary>
internal sealed record EngineDistribution(EngineDescriptor? Descriptor);

/// <summary>The body of an answer with an error status.</summary>
internal sealed record EngineError(string? Message);

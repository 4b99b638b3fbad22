using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Crane.Building;
using Crane.Moving.Engine;
using Crane.Names;
using Crane.Oci;

namespace Crane.Adapters.Docker;

/// <summary>An image as the engine shows it: <c>GET /images/NAME/json</c>. Lists may hold null, as all of Go's may.</summary>
/// <param name="Id">The digest of its configuration; where the store keeps manifests, that of its index or manifest.</param>
/// <param name="RepoTags">Its names with tags.</param>
/// <param name="RepoDigests">Names with the digests under which registries had or got it.</param>
/// <param name="RootFS">Its layers.</param>
/// <param name="Os">The operating system of the platform that is shown.</param>
/// <param name="Architecture">The architecture of that platform.</param>
/// <param name="Variant">Its variant, such as <c>v8</c>.</param>
/// <param name="Descriptor">Of the image's index or manifest, where the store keeps them.</param>
/// <param name="Manifests">What an index holds, where the store keeps it and the API is new enough.</param>
internal sealed record EngineImage(
    string Id,
    string?[]? RepoTags,
    string?[]? RepoDigests,
    EngineRootFs? RootFS,
    string? Os,
    string? Architecture,
    string? Variant,
    EngineDescriptor? Descriptor,
    EngineManifest?[]? Manifests)
{
    /// <summary>Bytes of its layers, unpacked.</summary>
    public long? Size { get; init; }

    /// <summary>When it was built, as the engine writes it.</summary>
    public string? Created { get; init; }

    /// <summary>When it was built; null where the engine does not say.</summary>
    public DateTimeOffset? Built =>
        DateTimeOffset.TryParse(Created, CultureInfo.InvariantCulture, out var built) ? built : null;

    /// <summary>How it is run.</summary>
    public EngineImageConfig? Config { get; init; }

    /// <summary>The names of <see cref="RepoDigests"/> that can be read.</summary>
    public IEnumerable<ImageName> Digested => NamesOf(RepoDigests).Where(name => name.ContentDigest is not null);

    /// <summary>Its layers, base first.</summary>
    public IReadOnlyList<string> Layers => [.. (RootFS?.Layers ?? []).OfType<string>()];

    /// <summary>The platform that is shown; null where the engine does not say.</summary>
    public ImagePlatform? Platform => new EnginePlatform(Os, Architecture, Variant).ToPlatform();

    /// <summary>The image as a registry may know it.</summary>
    /// <param name="namesAreOrigins">
    /// Whether a digest that is not the image's own was given by a registry; else engines give one to each name.
    /// </param>
    /// <remarks>
    /// Of an index, only the manifest of the platform that is shown counts: an engine that has no other one pushes just
    /// that manifest, and it is the very image that would be pulled. Another platform's manifest is another image.
    /// </remarks>
    public LocalImage ToLocalImage(bool namesAreOrigins = true)
    {
        var images = (Manifests ?? []).OfType<EngineManifest>().Where(manifest => manifest.Platform is not null).ToList();
        var here = images.Where(manifest => manifest.Available).ToList();
        var shown = here.Where(manifest => manifest.Platform == Platform).Select(manifest => manifest.Descriptor?.Digest);
        var digests = Digested.Select(name => name.Digest).Append(Descriptor?.Digest).Concat(shown).Select(Read).OfType<Digest>().ToHashSet();
        IReadOnlyList<ImagePlatform> platforms = here.Count > 0 ? PlatformsOf(here) : Platform is { } platform ? [platform] : [];
        return new LocalImage(Id, digests, Layers)
        {
            Names = [.. NamesOf(RepoTags)],
            Origins = [.. Digested.Where(name => namesAreOrigins && name.Digest != Id)],
            Created = Built,
            InputLabel = Config?.Labels?.GetValueOrDefault(BuildInputs.Label),
            ContentHash = ImageContentHash.Of(this),
            Platforms = platforms,
            AbsentPlatforms = [.. PlatformsOf(images).Except(platforms)],
            PushDigest = Read(here.Count == 1 && images.Count > 1 ? here[0].Descriptor?.Digest : Descriptor?.Digest),
        };
    }

    private static Digest? Read(string? text) => Digest.TryParse(text, out var digest) ? digest : null;

    private static IReadOnlyList<ImagePlatform> PlatformsOf(IEnumerable<EngineManifest> manifests) =>
        [.. manifests.Select(manifest => manifest.Platform).OfType<ImagePlatform>().Distinct()];

    private static IEnumerable<ImageName> NamesOf(string?[]? names)
    {
        foreach (var text in names ?? [])
            if (ImageName.TryParse(text, out var name))
                yield return name;
    }
}

internal sealed record EngineRootFs(string?[]? Layers);

internal sealed record EngineDescriptor(string? Digest, string? MediaType = null);

/// <summary>How an image is run.</summary>
/// <param name="Labels">Its labels.</param>
internal sealed record EngineImageConfig(Dictionary<string, string>? Labels)
{
    /// <summary>All else.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Other { get; set; }
}

internal sealed record EngineManifest(EngineDescriptor? Descriptor, bool Available, EngineImageData? ImageData)
{
    public ImagePlatform? Platform => ImageData?.Platform?.ToPlatform();
}

internal sealed record EngineImageData(EnginePlatform? Platform);

internal sealed record EnginePlatform(string? Os, string? Architecture, string? Variant)
{
    /// <summary>The platform; null where it is none that runs: attestations are listed under <c>unknown</c>.</summary>
    public ImagePlatform? ToPlatform() =>
        Os != "unknown" && ImagePlatform.TryParse(Variant is { Length: > 0 } ? $"{Os}/{Architecture}/{Variant}" : $"{Os}/{Architecture}", out var platform)
            ? platform
            : null;
}

/// <summary>What a registry has: <c>GET /distribution/NAME/json</c>.</summary>
internal sealed record EngineDistribution(EngineDescriptor? Descriptor, EnginePlatform?[]? Platforms = null);

/// <summary>The body of an answer with an error status.</summary>
internal sealed record EngineError(string? Message);

/// <summary>An image of a list: <c>GET /images/json</c>.</summary>
internal sealed record EngineListed(string?[]? RepoTags);

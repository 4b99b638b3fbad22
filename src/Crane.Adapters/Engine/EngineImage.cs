using System.Text.Json;
using Crane.Building;
using Crane.Comparing;
using Crane.Names;
using Crane.Oci;
using Docker.DotNet.Models;

namespace Crane.Adapters.Engine;

/// <summary>Reads an engine's description of an image. Lists may be null or contain null, as all lists of Go may.</summary>
internal static class EngineImage
{
    /// <summary>Converts the description.</summary>
    /// <param name="image">The description.</param>
    /// <param name="namesAreOrigins">Whether a digest other than its own comes from a registry. Podman gives one to each name.</param>
    /// <remarks>
    /// Of an index, only the manifest of the described platform counts: an engine with no other one pushes just that manifest, and it is
    /// the image that would be pulled. The manifest of another platform is another image.
    /// </remarks>
    public static LocalImage ToLocalImage(this ImageInspectResponse image, bool namesAreOrigins = true)
    {
        var shown = image.ShownPlatform();
        var manifests = (image.Manifests ?? []).OfType<ManifestSummary>()
            .Select(manifest => (
                manifest.Available, Digest: Read(manifest.Descriptor?.Digest), Platform: manifest.ImageData?.Platform?.ToImagePlatform()))
            .Where(manifest => manifest.Platform is not null).ToList();
        var here = manifests.Where(manifest => manifest.Available).ToList();
        var digested = image.Digested().ToList();
        IEnumerable<Digest?> digests =
        [
            .. digested.Select(name => Read(name.Digest)), Read(image.Descriptor?.Digest),
            .. here.Where(manifest => manifest.Platform == shown).Select(manifest => manifest.Digest),
        ];
        IReadOnlyList<ImagePlatform> platforms = here.Count > 0
            ? [.. here.Select(manifest => manifest.Platform!).Distinct()]
            : shown is null ? [] : [shown];
        return new LocalImage(image.ID, digests.OfType<Digest>().ToHashSet(), image.Layers())
        {
            Names = [.. NamesOf(image.RepoTags)],
            Origins = [.. digested.Where(name => namesAreOrigins && name.Digest != image.ID)],
            SizeBytes = image.Size > 0 ? image.Size : null,
            Created = image.Created,
            InputLabel = image.Config?.Labels is { } labels && labels.TryGetValue(BuildInputs.Label, out var label) ? label : null,
            ContentHash = HashOf(image),
            Platforms = platforms,
            AbsentPlatforms = [.. manifests.Select(manifest => manifest.Platform!).Distinct().Except(platforms)],
            PushDigest = here.Count == 1 && manifests.Count > 1 ? here[0].Digest : Read(image.Descriptor?.Digest),
        };
    }

    public static IEnumerable<ImageName> Digested(this ImageInspectResponse image) =>
        NamesOf(image.RepoDigests).Where(name => name.ContentDigest is not null);

    public static IReadOnlyList<string> Layers(this ImageInspectResponse image) => [.. (image.RootFS?.Layers ?? []).OfType<string>()];

    /// <summary>The described platform; null where the engine does not say.</summary>
    public static ImagePlatform? ShownPlatform(this ImageInspectResponse image) => ToPlatform(image.Os, image.Architecture, image.Variant);

    public static ImagePlatform? ToImagePlatform(this Platform platform) =>
        ToPlatform(platform.OS, platform.Architecture, platform.Variant);

    // The platform of attestations is "unknown".
    private static ImagePlatform? ToPlatform(string? system, string? architecture, string? variant) =>
        system != "unknown"
        && ImagePlatform.TryParse($"{system}/{architecture}{(variant is { Length: > 0 } ? $"/{variant}" : "")}", out var platform)
            ? platform : null;

    private static Digest? Read(string? value) => Digest.TryParse(value, out var digest) ? digest : null;

    private static IEnumerable<ImageName> NamesOf(IList<string>? names)
    {
        foreach (var text in names ?? [])
            if (ImageName.TryParse(text, out var name))
                yield return name;
    }

    private static string HashOf(ImageInspectResponse image) => ContentHash.Of(
        (image.Os, image.Architecture, image.Variant), image.Layers(),
        JsonSerializer.SerializeToElement(image.Config ?? new(), EngineJson.Default.DockerOCIImageConfig));
}

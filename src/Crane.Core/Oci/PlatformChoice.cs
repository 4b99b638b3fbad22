using System.Text.Json.Nodes;

namespace Crane.Oci;

/// <summary>Chooses platforms of an index.</summary>
internal static class PlatformChoice
{
    // By this annotation an attestation of BuildKit says which image of the same index it is about.
    private const string AttestedDigest = "vnd.docker.reference.digest";

    /// <summary>
    /// The image of the one platform that is wanted; where there are several, an index of just these, with what attests them.
    /// </summary>
    /// <exception cref="CraneException">ImageNotFound where a platform is not there; PullFailed.</exception>
    public static async Task<Manifest> ReadAsync(
        IContentSource source, ImageName image, Manifest root, IReadOnlyList<ImagePlatform> platforms, CancellationToken cancellation)
    {
        var offered = root.IsIndex ? root.Manifests : [root.Descriptor with { Platform = await PlatformOfAsync(source, image, root, cancellation) }];
        var chosen = offered.Where(manifest => manifest.Platform is { } platform && platforms.Any(wanted => wanted.Accepts(platform))).ToList();
        foreach (var wanted in platforms)
            if (!chosen.Any(manifest => wanted.Accepts(manifest.Platform!)))
                throw Missing(image, wanted, offered);

        if (!root.IsIndex)
            return root;
        return chosen is [var only] ? await source.ReadManifestAsync(image, only, cancellation) : Subset(root, chosen, image);
    }

    private static async Task<ImagePlatform?> PlatformOfAsync(
        IContentSource source, ImageName image, Manifest manifest, CancellationToken cancellation) =>
        (await ImageConfig.ReadAsync(source, image, manifest, cancellation)).Platform;

    private static Manifest Subset(Manifest root, IReadOnlyList<Descriptor> chosen, ImageName image)
    {
        var digests = chosen.Select(manifest => manifest.Digest.ToString()).ToHashSet(StringComparer.Ordinal);
        var kept = root.Manifests
            .Where(manifest => digests.Contains(manifest.Digest.ToString())
                || (manifest.Annotations.TryGetValue(AttestedDigest, out var attested) && digests.Contains(attested)))
            .Select(manifest => manifest.Digest.ToString())
            .ToHashSet(StringComparer.Ordinal);

        // Everything else stays as it is written, known to us or not.
        return root.With(
            index =>
            {
                var left = index["manifests"]!.AsArray().Where(manifest => kept.Contains((string)manifest!["digest"]!));
                index["manifests"] = new JsonArray([.. left.Select(manifest => manifest!.DeepClone())]);
            },
            image);
    }

    private static CraneException Missing(ImageName image, ImagePlatform wanted, IReadOnlyList<Descriptor> offered)
    {
        var platforms = offered.Select(manifest => manifest.RunsOn).OfType<ImagePlatform>()
            .Select(platform => platform.ToString()).Distinct(StringComparer.Ordinal).ToList();
        if (platforms.Count == 0)
            return new CraneException(
                CraneErrorId.ImageNotFound, $"'{image}' is not there for {wanted}: it names no platform at all.",
                "Leave -Platform out to move it as it is.");
        return new CraneException(
            CraneErrorId.ImageNotFound,
            $"'{image}' is not there for {wanted}; it is for {string.Join(", ", platforms)}.",
            "Choose among these with -Platform, or leave -Platform out to move all of them.");
    }
}

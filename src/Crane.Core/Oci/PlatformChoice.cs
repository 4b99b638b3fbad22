using System.Text.Json.Nodes;

namespace Crane.Oci;

/// <summary>Selects platforms of an index.</summary>
internal static class PlatformChoice
{
    // In this annotation an attestation of BuildKit has the digest of its image in the same index.
    private const string AttestedDigest = "vnd.docker.reference.digest";

    /// <summary>The image of one platform; for several, an index of these and their attestations.</summary>
    /// <exception cref="CraneException">ImageNotFound for a missing platform; PullFailed.</exception>
    public static async Task<Manifest> ReadAsync(
        IContentSource source, ImageName image, Manifest root, IReadOnlyList<ImagePlatform> platforms, CancellationToken cancellation)
    {
        var offered = root.IsIndex ? root.Manifests
            : [root.Descriptor with { Platform = (await ImageConfig.ReadAsync(source, image, root, cancellation)).Platform }];
        var chosen = offered.Where(manifest => manifest.Platform is { } platform && platforms.Any(requested => requested.Accepts(platform)))
            .ToList();
        foreach (var requested in platforms)
            if (!chosen.Any(manifest => requested.Accepts(manifest.Platform!)))
                throw NotFound(image, requested, offered);

        if (!root.IsIndex)
            return root;
        return chosen is [var only] ? await source.ReadManifestAsync(image, only, cancellation) : Subset(root, chosen, image);
    }



    private static Manifest Subset(Manifest root, IReadOnlyList<Descriptor> chosen, ImageName image)
    {
        var digests = chosen.Select(manifest => manifest.Digest.ToString()).ToHashSet(StringComparer.Ordinal);
        var selected = root.Manifests
            .Where(manifest => digests.Contains(manifest.Digest.ToString())
                || (manifest.Annotations.TryGetValue(AttestedDigest, out var attested) && digests.Contains(attested)))
            .Select(manifest => manifest.Digest.ToString())
            .ToHashSet(StringComparer.Ordinal);

        // Everything else stays as written, known or not.
        return root.With(
            index =>
            {
                var left = index["manifests"]!.AsArray().Where(manifest => selected.Contains((string)manifest!["digest"]!));
                index["manifests"] = new JsonArray([.. left.Select(manifest => manifest!.DeepClone())]);
            },
            image);
    }

    private static CraneException NotFound(ImageName image, ImagePlatform requested, IReadOnlyList<Descriptor> offered)
    {
        var platforms = offered.Select(manifest => manifest.RunsOn).OfType<ImagePlatform>()
            .Select(platform => platform.ToString()).Distinct(StringComparer.Ordinal).ToList();
        if (platforms.Count == 0)
            return new CraneException(
                CraneErrorId.ImageNotFound, $"'{image}' has no platform {requested}: its manifest names no platform.",
                "Omit -Platform to move it as it is.");
        return new CraneException(
            CraneErrorId.ImageNotFound, $"'{image}' has no platform {requested}. Available: {string.Join(", ", platforms)}.",
            "Choose from these with -Platform, or omit -Platform to move all of them.");
    }
}

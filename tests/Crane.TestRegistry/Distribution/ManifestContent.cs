using System.Text.Json;
using System.Text.Json.Nodes;
using Crane.Testing.Storage;

namespace Crane.Testing.Distribution;

/// <summary>What a registry reads in a manifest or index, of OCI or Docker.</summary>
/// <param name="MediaType">What it says it is; null if it does not say.</param>
/// <param name="Blobs">The blobs that make it complete.</param>
/// <param name="Manifests">The manifests that make it complete.</param>
/// <param name="Subject">What it refers to, if anything.</param>
/// <param name="ArtifactType">What kind of artifact it says it is.</param>
/// <param name="Annotations">Its annotations, if any.</param>
internal sealed record ManifestContent(
    string? MediaType,
    IReadOnlyList<ContentDigest> Blobs,
    IReadOnlyList<ContentDigest> Manifests,
    ContentDigest? Subject,
    string? ArtifactType,
    JsonObject? Annotations)
{
    /// <exception cref="RegistryException">It is no JSON object, or a digest in it is none.</exception>
    public static ManifestContent Parse(byte[] content)
    {
        try
        {
            var root = JsonNode.Parse(content)!.AsObject();
            var config = root["config"];
            var layers = (root["layers"] as JsonArray ?? []).Where(layer => layer!["urls"] is null); // These lie elsewhere.
            return new ManifestContent(
                (string?)root["mediaType"],
                [.. layers.Concat(config is null ? [] : [config]).Select(Digest)],
                [.. (root["manifests"] as JsonArray ?? []).Select(Digest)],
                root["subject"] is { } subject ? Digest(subject) : null,
                (string?)root["artifactType"] ?? (string?)config?["mediaType"],
                root["annotations"] as JsonObject);
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException or NullReferenceException)
        {
            throw new RegistryException(400, "MANIFEST_INVALID", $"This is no manifest: {malformed.Message}");
        }
    }

    /// <summary>The descriptor under which referrers are listed.</summary>
    public JsonObject Describe(ContentDigest digest, string mediaType, int size)
    {
        var descriptor = new JsonObject { ["mediaType"] = mediaType, ["digest"] = digest.ToString(), ["size"] = size };
        if (ArtifactType is not null)
            descriptor["artifactType"] = ArtifactType;
        if (Annotations is not null)
            descriptor["annotations"] = Annotations.DeepClone();
        return descriptor;
    }

    private static ContentDigest Digest(JsonNode? descriptor)
    {
        var digest = (string?)descriptor!["digest"];
        return ContentDigest.Parse(digest) ?? throw RegistryException.NoDigest(digest ?? "");
    }
}

using System.Text.Json;
using Crane.Names;

namespace Crane.Oci;

/// <summary>A descriptor of the OCI image specification: the media type, digest and size in bytes of content.</summary>
internal sealed record Descriptor(string MediaType, Digest Digest, long Size)
{
    /// <summary>The platform of an image in an index; null if it is not given.</summary>
    public ImagePlatform? Platform { get; init; }

    /// <summary>The same, but null for BuildKit's attestations, which have the platform <c>unknown/unknown</c>.</summary>
    public ImagePlatform? RunsOn => Platform is { Os: not "unknown" } ? Platform : null;

    /// <summary>The type of an artifact; null for an image.</summary>
    public string? ArtifactType { get; init; }

    public IReadOnlyDictionary<string, string> Annotations { get; init; } = NoAnnotations;

    /// <summary>Whether the publisher serves the content instead of the registry, as for layers of older Windows base images.</summary>
    public bool IsForeign => MediaTypes.IsForeignLayer(MediaType);

    /// <summary>The URLs where the publisher serves the content.</summary>
    public IReadOnlyList<string> Urls { get; init; } = [];

    /// <summary>The digest's first twelve digits, for messages.</summary>
    public string ShortId => Digest.Hex[..12];

    internal static IReadOnlyDictionary<string, string> NoAnnotations { get; } =
        new Dictionary<string, string>(StringComparer.Ordinal).AsReadOnly();
}

/// <summary>Reads descriptors from JSON. Throws FormatException for JSON that does not follow the OCI image specification.</summary>
internal static class DescriptorReader
{
    /// <summary>The descriptor under a key; null without one.</summary>
    public static Descriptor? ReadOne(JsonElement parent, string key) =>
        Child(parent, key, JsonValueKind.Object) is { } found ? Read(found, key) : null;

    public static Descriptor Of(JsonElement item) => Read(item, "the descriptor");

    public static IReadOnlyList<Descriptor> ReadAll(JsonElement parent, string key) =>
        Child(parent, key, JsonValueKind.Array) is { } list
            ? list.EnumerateArray().Select((item, index) => Read(item, $"{key}[{index}]")).ToList()
            : [];

    public static string? Text(JsonElement parent, string key) =>
        Child(parent, key, JsonValueKind.String) is { } found && found.GetString() is { Length: > 0 } value ? value : null;

    public static IReadOnlyDictionary<string, string> Annotations(JsonElement parent) => Strings(parent, "annotations");

    public static IReadOnlyDictionary<string, string> Strings(JsonElement parent, string key)
    {
        if (Child(parent, key, JsonValueKind.Object) is not { } found)
            return Descriptor.NoAnnotations;
        var strings = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var entry in found.EnumerateObject())
            if (entry.Value.ValueKind == JsonValueKind.String)
                strings[entry.Name] = entry.Value.GetString()!;
        return strings;
    }

    /// <summary>The platform in an object's own properties; null without one.</summary>
    public static ImagePlatform? Platform(JsonElement found) =>
        Text(found, "os") is { } os && Text(found, "architecture") is { } architecture
            ? new ImagePlatform(os, architecture, Text(found, "variant")) { OsVersion = Text(found, "os.version") }
            : null;

    private static Descriptor Read(JsonElement item, string where)
    {
        if (item.ValueKind != JsonValueKind.Object)
            throw new FormatException($"{where} is not a JSON object");
        if (!Digest.TryParse(Text(item, "digest"), out var digest))
            throw new FormatException($"{where} has no valid digest");
        if (Child(item, "size", JsonValueKind.Number) is not { } written || !written.TryGetInt64(out var size) || size < 0)
            throw new FormatException($"{where} has no valid size");
        return new Descriptor(Text(item, "mediaType") ?? "", digest, size)
        {
            Platform = Child(item, "platform", JsonValueKind.Object) is { } platform ? Platform(platform) : null,
            ArtifactType = Text(item, "artifactType"),
            Annotations = Annotations(item),
            Urls = Child(item, "urls", JsonValueKind.Array) is { } urls
                ? urls.EnumerateArray().Where(url => url.ValueKind == JsonValueKind.String).Select(url => url.GetString()!).ToList()
                : [],
        };
    }

    private static JsonElement? Child(JsonElement parent, string key, JsonValueKind kind)
    {
        if (!parent.TryGetProperty(key, out var value) || value.ValueKind == JsonValueKind.Null)
            return null;
        return value.ValueKind == kind ? value : throw new FormatException($"'{key}' is not {kind switch
        {
            JsonValueKind.Object => "an object",
            JsonValueKind.Array => "a list",
            JsonValueKind.Number => "a number",
            _ => "a string",
        }}");
    }
}

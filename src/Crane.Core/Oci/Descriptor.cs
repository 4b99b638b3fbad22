using System.Text.Json;
using Crane.Names;

namespace Crane.Oci;

/// <summary>What points at content: its kind, its digest, its size. After the OCI image specification.</summary>
/// <param name="MediaType">The kind of content.</param>
/// <param name="Digest">The digest of its bytes.</param>
/// <param name="Size">How many bytes it has.</param>
internal sealed record Descriptor(string MediaType, Digest Digest, long Size)
{
    /// <summary>What an image of an index runs on; null where that is not said.</summary>
    public ImagePlatform? Platform { get; init; }

    /// <summary>The same, for what runs: BuildKit lists its attestations under a platform <c>unknown/unknown</c>.</summary>
    public ImagePlatform? RunsOn => Platform is { Os: not "unknown" } ? Platform : null;

    /// <summary>What kind of artifact a manifest is, where it is none that runs.</summary>
    public string? ArtifactType { get; init; }

    /// <summary>Annotations; empty where there are none.</summary>
    public IReadOnlyDictionary<string, string> Annotations { get; init; } = NoAnnotations;

    /// <summary>
    /// Whether the content is not in the registry but where its publisher keeps it: layers of Windows' base images were
    /// of this kind. Clients leave them where they are, unless they are told otherwise.
    /// </summary>
    public bool IsForeign => MediaTypes.IsForeignLayer(MediaType);

    /// <summary>Where else the content is, as its publisher says: addresses; empty where there are none.</summary>
    public IReadOnlyList<string> Urls { get; init; } = [];

    /// <summary>The digest's first twelve digits, as tools show it.</summary>
    public string ShortId => Digest.Hex[..12];

    internal static IReadOnlyDictionary<string, string> NoAnnotations { get; } =
        new Dictionary<string, string>(StringComparer.Ordinal).AsReadOnly();
}

/// <summary>Reads descriptors out of JSON. What has not the form that the OCI gives it is a FormatException.</summary>
internal static class DescriptorReader
{
    /// <summary>The descriptor under a key; null where there is none.</summary>
    public static Descriptor? ReadOne(JsonElement parent, string key) =>
        Child(parent, key, JsonValueKind.Object) is { } found ? Read(found, key) : null;

    /// <summary>The descriptor that an element is.</summary>
    public static Descriptor Of(JsonElement item) => Read(item, "the descriptor");

    /// <summary>The descriptors of a list; empty where there is none.</summary>
    public static IReadOnlyList<Descriptor> ReadAll(JsonElement parent, string key) =>
        Child(parent, key, JsonValueKind.Array) is { } list
            ? list.EnumerateArray().Select((item, index) => Read(item, $"{key}[{index}]")).ToList()
            : [];

    public static string? Text(JsonElement parent, string key) =>
        Child(parent, key, JsonValueKind.String) is { } found && found.GetString() is { Length: > 0 } text ? text : null;

    public static IReadOnlyDictionary<string, string> Annotations(JsonElement parent) => Texts(parent, "annotations");

    /// <summary>The texts of an object, by their names; empty where there is none.</summary>
    public static IReadOnlyDictionary<string, string> Texts(JsonElement parent, string key)
    {
        if (Child(parent, key, JsonValueKind.Object) is not { } found)
            return Descriptor.NoAnnotations;
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var entry in found.EnumerateObject())
            if (entry.Value.ValueKind == JsonValueKind.String)
                texts[entry.Name] = entry.Value.GetString()!;
        return texts;
    }

    /// <summary>The platform that an object gives in its own members; null where it gives none.</summary>
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

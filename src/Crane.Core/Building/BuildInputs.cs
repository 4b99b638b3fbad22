using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Crane.Moving.Engine;

namespace Crane.Building;

/// <summary>
/// What an image is built from: parts by their names, each with a hash. An image has it as a label, which goes wherever the image
/// goes: whoever pulls it knows what it was built from.
/// </summary>
internal sealed class BuildInputs
{
    /// <summary>The name of the label.</summary>
    public const string Label = "crane.inputs";

    /// <summary>The part that has everything a builder is sent, but for the Dockerfile.</summary>
    public const string ContextPart = "context";

    private const string ImagePart = "image";
    private const string VersionPart = "version";
    private const string BasePrefix = "base ";

    // Of how the hashes are made: hashes of two versions cannot be compared.
    private const string Version = "1";
    private const int HashLength = 32;

    private readonly SortedDictionary<string, string> _parts;

    private BuildInputs(IEnumerable<KeyValuePair<string, string>> parts) =>
        _parts = new(parts.ToDictionary(StringComparer.Ordinal), StringComparer.Ordinal);

    /// <summary>The inputs of an image.</summary>
    /// <param name="image">Its plain name.</param>
    /// <param name="parts">The parts, as users call them, with their hashes.</param>
    public static BuildInputs Of(ImageName image, IEnumerable<KeyValuePair<string, string>> parts) =>
        new([.. parts, new(ImagePart, Name(image)), new(VersionPart, Version)]);

    /// <summary>What an image was built from; null where it does not say, or only its base does, from which it has the label.</summary>
    public static BuildInputs? Of(ImageName name, LocalImage image) =>
        Parse(image.InputLabel) is { } inputs && inputs._parts.GetValueOrDefault(ImagePart) == Name(name) ? inputs : null;

    /// <summary>The hash of a string; the same on every machine.</summary>
    public static string Hash(string text) => Hash(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    /// <summary>A SHA-256 digest as the hash of a part.</summary>
    public static string Hash(ReadOnlySpan<byte> digest) => Convert.ToHexString(digest).ToLowerInvariant()[..HashLength];

    /// <summary>The hash of a part; null where there is no such part.</summary>
    public string? Find(string part) => _parts.GetValueOrDefault(part);

    /// <summary>The same with a base, by what identifies that.</summary>
    public BuildInputs WithBase(ImageName name, string identity) =>
        new([.. _parts, new(BasePrefix + name, identity)]);

    /// <summary>The name of the first part that has changed since; null where none has.</summary>
    public string? ChangedSince(BuildInputs built) => _parts.Keys.Union(built._parts.Keys).Order(StringComparer.Ordinal)
        .FirstOrDefault(part => (Find(part), built.Find(part)) is var (now, then) && now != then && !IsUnknownBase(part, now, then));

    /// <summary>The value of the label.</summary>
    public override string ToString()
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            foreach (var (part, hash) in _parts)
                json.WriteString(part, hash);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    // What was not here when the image was built, or is not here now, cannot be compared.
    private static bool IsUnknownBase(string part, string? now, string? then) =>
        part.StartsWith(BasePrefix, StringComparison.Ordinal) && (now is null || then is null);

    // A release gives the image another tag.
    private static string Name(ImageName image) => image.WithoutDigest().WithoutTag().ToString();

    private static BuildInputs? Parse(string? label)
    {
        try
        {
            using var json = JsonDocument.Parse(label ?? "");
            var inputs = new BuildInputs(json.RootElement.EnumerateObject()
                .Select(part => KeyValuePair.Create(part.Name, part.Value.GetString() ?? "")));
            return inputs.Find(VersionPart) == Version ? inputs : null;
        }
        // Another program's label, or one that a later version wrote in another form.
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or ArgumentException)
        {
            return null;
        }
    }
}

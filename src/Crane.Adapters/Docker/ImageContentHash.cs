using System.Security.Cryptography;
using System.Text.Json;

namespace Crane.Adapters.Docker;

/// <summary>
/// Identifies an image by what it is: its layers and its configuration. Ids do not: in one store that is the digest of the
/// configuration, in the other that of a manifest, which a push or a pull may write anew.
/// </summary>
internal static class ImageContentHash
{
    public static string Of(EngineImage image)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartArray();
            foreach (var text in new[] { image.Os, image.Architecture, image.Variant }.Concat(image.Layers))
                json.WriteStringValue(text ?? "");
            json.WriteStartObject();
            foreach (var (name, value) in Sorted(image.Config?.Labels))
                json.WriteString($"label {name}", value);
            foreach (var (name, value) in Sorted(image.Config?.Other))
            {
                json.WritePropertyName(name);
                value.WriteTo(json);
            }

            json.WriteEndObject();
            json.WriteEndArray();
        }

        return Convert.ToHexString(SHA256.HashData(stream.ToArray()));
    }

    private static IEnumerable<KeyValuePair<string, T>> Sorted<T>(Dictionary<string, T>? pairs) =>
        (pairs ?? []).OrderBy(pair => pair.Key, StringComparer.Ordinal);
}

using System.Security.Cryptography;
using System.Text.Json;
using Crane.Building;

namespace Crane.Adapters.Docker;

/// <summary>
/// Identifies an image by what it is: its layers and its configuration. Ids do not: in one store that is the digest of the
/// configuration, in the other that of a manifest, which a push or a pull may write anew.
/// </summary>
internal static class ImageContentHash
{
    // What older engines keep of the container that a step ran in.
    private static readonly string[] _ofContainers =
    [
        "AttachStderr", "AttachStdin", "AttachStdout", "Domainname", "Hostname", "Image", "MacAddress", "NetworkDisabled",
        "OpenStdin", "StdinOnce", "Tty",
    ];

    public static string Of(EngineImage image)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartArray();
            string?[] made = [image.Os, image.Architecture, image.Variant, .. image.RootFS?.Layers ?? []];
            foreach (var text in made)
                json.WriteStringValue(text ?? "");
            json.WriteStartObject();
            foreach (var (name, value) in Sorted(image.Config?.Labels).Where(label => label.Key != BuildInputs.Label))
                json.WriteString($"label {name}", value);
            foreach (var (name, value) in Sorted(image.Config?.Other).Where(pair => !IsEmpty(pair.Value) && !_ofContainers.Contains(pair.Key)))
            {
                json.WritePropertyName(name);
                value.WriteTo(json);
            }

            json.WriteEndObject();
            json.WriteEndArray();
        }

        return BuildInputs.Hash(SHA256.HashData(stream.ToArray()));
    }

    private static IEnumerable<KeyValuePair<string, T>> Sorted<T>(Dictionary<string, T>? pairs) =>
        (pairs ?? []).OrderBy(pair => pair.Key, StringComparer.Ordinal);

    // Some engines leave out what is empty, and some do not.
    private static bool IsEmpty(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.False => true,
        JsonValueKind.String => value.ValueEquals(""),
        JsonValueKind.Array => value.GetArrayLength() == 0,
        JsonValueKind.Object => !value.EnumerateObject().Any(),
        _ => false,
    };
}

using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Crane.CraneFile.Model;

/// <summary>
/// A section as a JSON object in one line, which is read back without loss. A section that went through CSV, or through
/// JSON beyond its depth, is written in this form.
/// </summary>
internal static class SectionText
{
    private static readonly JsonSerializerOptions Written = new()
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Write<T>(T section) => JsonSerializer.Serialize(section, Written);

    /// <summary>Reads a section.</summary>
    /// <param name="text">The string.</param>
    /// <param name="keys">The keys that the section may have.</param>
    /// <param name="owner">What has it, for messages.</param>
    /// <exception cref="CraneException">UnknownKey, DuplicateKey, InvalidValue.</exception>
    public static SectionValues Read(string text, SectionKeys keys, string owner) => Parse(text, keys, owner) is PlainMap map
        ? new SectionValues(keys, map, owner)
        : throw Invalid(text, keys, owner, "it is no object", null);

    /// <summary>Any JSON as plain values.</summary>
    public static object? Parse(string text, SectionKeys keys, string owner)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            return Plain(json.RootElement);
        }
        catch (JsonException fault)
        {
            throw Invalid(text, keys, owner, fault.Message, fault);
        }
    }

    private static object? Plain(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.Array => element.EnumerateArray().Select(Plain).ToList(),
        JsonValueKind.Object => new PlainMap([.. element.EnumerateObject().Select(property => (property.Name, Plain(property.Value)))]),
        _ => element.ToString(),
    };

    private static CraneException Invalid(string text, SectionKeys keys, string owner, string problem, Exception? inner) => new(
        CraneErrorId.InvalidValue,
        $"The {keys.Section} section of {owner}, '{text}', is not JSON: {problem.TrimEnd('.')}.",
        "Leave it as Export-Csv wrote it.",
        inner);
}

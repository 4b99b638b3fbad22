using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Crane.CraneFile.Model;

/// <summary>
/// Writes a section as a JSON object in one line, and reads it without loss. CSV and JSON beyond its depth have this form.
/// </summary>
internal static class SectionText
{
    private static readonly JsonSerializerOptions Written = new()
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter() },
    };

    public static string Write<T>(T section) => JsonSerializer.Serialize(section, Written);

    /// <exception cref="CraneException">UnknownKey, DuplicateKey, InvalidValue.</exception>
    public static SectionValues Read(string text, SectionKeys keys, string owner) => Parse(text, keys, owner) is PlainMap map
        ? new SectionValues(keys, map, owner)
        : throw Invalid(text, keys, owner, "it is not an object", null);

    /// <summary>Reads any JSON as plain values.</summary>
    public static object? Parse(string text, SectionKeys keys, string owner)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            return Plain(json.RootElement);
        }
        catch (JsonException error)
        {
            throw Invalid(text, keys, owner, error.Message, error);
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
        CraneErrorId.InvalidValue, $"The {keys.Section} section of {owner}, '{text}', is not JSON: {problem.TrimEnd('.')}.",
        "Keep it as Export-Csv wrote it.",
        inner);
}

/// <summary>
/// Writes directives in one line, <c>registry=r.co; override_user=me</c>, and reads them. CSV, and remote sessions of small depth, have
/// sections in this form. Values with its separators, which are valid in no image name, are written as JSON.
/// </summary>
internal static class DirectiveText
{
    public static string Write<T>(T section, params ReadOnlySpan<(string Key, IReadOnlyList<string?>? Values)> directives)
    {
        var written = new List<string>();
        foreach (var (key, values) in directives)
        {
            if (values is null || values.All(string.IsNullOrEmpty))
                continue;
            if (values.Any(value => value!.AsSpan().ContainsAny(";,")))
                return SectionText.Write(section);
            written.Add($"{key}={string.Join(',', values)}");
        }

        return string.Join("; ", written);
    }

    /// <exception cref="CraneException">UnknownKey, also for a part without a key; DuplicateKey, InvalidValue.</exception>
    public static SectionValues Read(string text, SectionKeys keys, string owner)
    {
        if (text.StartsWith('{'))
            return SectionText.Read(text, keys, owner);
        var parts = text.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return new SectionValues(keys, new PlainMap([.. parts.Select(part => Directive(part, keys, owner))]), owner);
    }

    private static (string Key, object? Value) Directive(string part, SectionKeys keys, string owner)
    {
        if (part.Split('=', 2, StringSplitOptions.TrimEntries) is not [{ Length: > 0 } written, var value])
            throw new CraneException(
                CraneErrorId.UnknownKey, $"The {keys.Section} section of {owner} has '{part}', which has no key.",
                $"Write KEY=VALUE, with a semicolon between several: {keys.Section} has the keys {keys.Names}.");
        return (written, keys.Find(written, owner).Type is SchemaType.ScalarList ? value.Split(',') : value);
    }
}

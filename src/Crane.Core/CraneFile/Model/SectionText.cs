using System.Text.Encodings.Web;
using System.Text.Json.Serialization;
using System.Text.Json;

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

/// <summary>
/// Directives as one line, <c>registry=r.co; override_user=me</c>. A container that went through CSV, or through a remote
/// session of small depth, carries its sections in this form and is read back from it. A value that has one of its
/// separators is no part of any image's name; with one, the section is written as JSON, to be refused for what it is.
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

    /// <summary>Reads a section.</summary>
    /// <param name="text">What <see cref="Write"/> wrote, or somebody in its form.</param>
    /// <param name="keys">The keys that the section may have.</param>
    /// <param name="owner">What has it, for messages.</param>
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
        return (written, keys.Find(written, owner).Type is SchemaType.Texts ? value.Split(',') : value);
    }
}

using System.Collections;
using System.Management.Automation;
using System.Text.Json;

namespace Crane.Commands;

/// <summary>
/// Reads properties of whatever came down the pipeline: a live object, or one that was JSON, CSV or CliXml on its
/// way, where a type is but a name and an enum may be a number.
/// </summary>
internal static class InputProperties
{
    public static bool Has(this PSObject input, string name) => input.Properties[name] is not null;

    /// <summary>The property as text; null where there is none or it is empty.</summary>
    public static string? Text(this PSObject input, string name) =>
        input.Properties[name]?.Value is { } value && LanguagePrimitives.ConvertTo<string>(value) is { Length: > 0 } text
            ? text
            : null;

    public static int Number(this PSObject input, string name) =>
        LanguagePrimitives.TryConvertTo<int>(input.Properties[name]?.Value, out var number) ? number : 0;

    public static bool Flag(this PSObject input, string name) =>
        bool.TryParse(input.Text(name), out var flag) && flag;

    /// <summary>A list of texts; empty where there is none.</summary>
    /// <exception cref="CraneException">InvalidValue, where its items cannot be told apart any more.</exception>
    public static IReadOnlyList<string> Texts(this PSObject input, string name) => input.Properties[name]?.Value switch
    {
        null or "" => [],
        string text when text.Contains(' ', StringComparison.Ordinal) && !text.StartsWith('[') => throw new CraneException(
            CraneErrorId.InvalidValue,
            $"The list {name} has become one text, '{text}': ConvertTo-Json writes lists below its depth in this way.",
            "Give ConvertTo-Json -Depth 4.")
        {
            Target = input,
        },
        string text => TextList.Read(text),
        var value => LanguagePrimitives.TryConvertTo<string[]>(value, out var texts) ? texts : [],
    };

    /// <summary>A JSON object of texts and lists of texts.</summary>
    /// <exception cref="CraneException">InvalidValue, where the text is none.</exception>
    public static PSObject OfJson(string text)
    {
        try
        {
            var input = new PSObject();
            using var json = JsonDocument.Parse(text);
            foreach (var property in json.RootElement.EnumerateObject())
            {
                object? value = property.Value.ValueKind == JsonValueKind.Array
                    ? property.Value.EnumerateArray().Select(item => item.ToString()).ToArray()
                    : property.Value.ToString();
                input.Properties.Add(new PSNoteProperty(property.Name, value));
            }

            return input;
        }
        catch (JsonException fault)
        {
            throw new CraneException(
                CraneErrorId.InvalidValue, $"'{text}' is not a JSON object: {fault.Message}", "Leave it as Export-Csv wrote it.");
        }
    }

    /// <summary>A nested object, also one written as a hashtable; null where the property is absent, null or a plain text.</summary>
    public static PSObject? Nested(this PSObject input, string name) =>
        (input.Properties[name]?.Value is { } value ? PSObject.AsPSObject(value) : null) switch
        {
            null or { BaseObject: string } => null,
            { BaseObject: IDictionary map } => OfMap(map),
            var nested => nested,
        };

    /// <summary>The property as a member of an enum, by name or number.</summary>
    /// <exception cref="CraneException">InvalidValue, where the enum has no such member.</exception>
    public static T? Member<T>(this PSObject input, string name)
        where T : struct, Enum
    {
        if (input.Text(name) is not { } text)
            return null;
        if (Enum.TryParse<T>(text, ignoreCase: true, out var member) && Enum.IsDefined(member))
            return member;
        throw new CraneException(
            CraneErrorId.InvalidValue,
            $"'{text}' is no {name}.",
            $"It is one of {string.Join(", ", Enum.GetNames<T>())}.")
        {
            Target = input,
        };
    }

    private static PSObject OfMap(IDictionary map)
    {
        var input = new PSObject();
        foreach (DictionaryEntry entry in map)
            input.Properties.Add(new PSNoteProperty(LanguagePrimitives.ConvertTo<string>(entry.Key), entry.Value));
        return input;
    }
}

using System.Collections;
using System.Management.Automation;

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

    /// <summary>A nested object, also one written as a hashtable; null where the property is absent, null or a plain text.</summary>
    public static PSObject? Nested(this PSObject input, string name) =>
        input.Properties[name]?.Value is { } value && PSObject.AsPSObject(value) is { BaseObject: not string } nested ? Flat(nested) : null;

    /// <summary>A list of nested objects; each of them, or the whole list, may have become a text of JSON.</summary>
    /// <exception cref="CraneException">InvalidValue, where a text is no JSON of objects.</exception>
    public static IEnumerable<PSObject> NestedList(this PSObject input, string name) => input.Properties[name]?.Value switch
    {
        null or "" => [],
        string text => InputJson.Objects(text),
        var value => (LanguagePrimitives.GetEnumerable(value) ?? new[] { value }).Cast<object>().Select(PSObject.AsPSObject)
            .SelectMany(item => item.BaseObject is string text ? InputJson.Objects(text) : [Flat(item)]),
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

    private static PSObject Flat(PSObject nested) => nested.BaseObject is IDictionary map ? OfMap(map) : nested;

    private static PSObject OfMap(IDictionary map)
    {
        var input = new PSObject();
        foreach (DictionaryEntry entry in map)
            input.Properties.Add(new PSNoteProperty(LanguagePrimitives.ConvertTo<string>(entry.Key), entry.Value));
        return input;
    }
}

using Crane.Errors;

namespace Crane.CraneFile.Model;

/// <summary>The values of a section that is not from a crane file, checked against its keys, each as a list of strings.</summary>
internal sealed class SectionValues
{
    private readonly SectionKeys _keys;
    private readonly string _owner;
    private readonly Dictionary<string, IReadOnlyList<string>> _byProperty = new(StringComparer.Ordinal);

    /// <exception cref="CraneException">UnknownKey, DuplicateKey, InvalidValue.</exception>
    public SectionValues(SectionKeys keys, PlainMap entries, string owner)
    {
        (_keys, _owner) = (keys, owner);
        foreach (var (written, value) in entries.Entries)
        {
            var key = keys.Find(written, owner);
            if (!_byProperty.TryAdd(key.Property, Read(key, value)))
                throw new CraneException(
                    CraneErrorId.DuplicateKey, $"The {keys.Section} section of {owner} has '{key.Name}' twice.",
                    "Keep one of them.");
        }
    }

    /// <summary>A string; null if it is missing or empty.</summary>
    public string? String(string property) => Strings(property) is [{ Length: > 0 } value] ? value : null;

    /// <summary>A list; empty if it is missing.</summary>
    public IReadOnlyList<string> Strings(string property) => _byProperty.GetValueOrDefault(property, []);

    /// <summary>A boolean; false if it is missing.</summary>
    public bool Flag(string property) => String(property) is { } value && YamlBoolean.TryParse(value, out var flag) && flag;

    /// <summary>A member of an enum; null if it is missing.</summary>
    public T? Member<T>(string property)
        where T : struct, Enum => String(property) is { } value ? Enum.Parse<T>(value, ignoreCase: true) : null;

    private IReadOnlyList<string> Read(SectionKey key, object? value) => (key.Type, value) switch
    {
        (_, null) => [],
        (SchemaType.Scalar, string scalar) => [scalar],
        (SchemaType.Flag, string flag) when YamlBoolean.TryParse(flag, out _) => [flag],
        (SchemaType.Age, string age) when AgeText.TryParse(age, out _) => [age],
        (SchemaType.Choice choice, string word) when choice.Has(word) => [word],
        // In JSON, enums are numbers.
        (SchemaType.Choice choice, string number) when int.TryParse(number, out var index) && index >= 0 && index < choice.Names.Count =>
            [choice.Names[index]],
        (SchemaType.ScalarList or SchemaType.Assignments, string list) => StringList.Read(list, key.Property),
        (SchemaType.ScalarList or SchemaType.Assignments, IReadOnlyList<object?> items) =>
            [.. items.Select(item => item as string ?? throw Refuse(key, item))],
        (SchemaType.Assignments, PlainMap map) => [.. map.Entries.Select(entry => entry.Value switch
        {
            null => entry.Key,
            string scalar => $"{entry.Key}={scalar}",
            var other => throw Refuse(key, other),
        })],
        _ => throw Refuse(key, value),
    };

    private CraneException Refuse(SectionKey key, object? value) => new(
        CraneErrorId.InvalidValue,
        $"'{key.Name}' in the {_keys.Section} section of {_owner} must be {key.Type.Expected}, not {PlainMap.KindOf(value)}."
            + (key.Type is SchemaType.Choice choice && value is string word ? NearMatch.DidYouMean(choice.Names, word, limit: 1) : ""),
        "Write the value in that form.");
}

/// <summary>The properties of an object as plain values: null, strings, lists, or such maps. Anything else is too deep.</summary>
internal sealed record PlainMap(IReadOnlyList<(string Key, object? Value)> Entries)
{
    public static string KindOf(object? value) => value switch
    {
        null => "null",
        string scalar => $"'{scalar}'",
        IReadOnlyList<object?> => "a list",
        PlainMap => "a map",
        _ => "an object",
    };
}

/// <summary>The booleans of YAML 1.1 and 1.2.</summary>
internal static class YamlBoolean
{
    /// <summary>
    /// Reads <c>true</c>, <c>yes</c>, <c>on</c> and their opposites, each also capitalized or in upper case, as YAML 1.1 has them
    /// (https://yaml.org/type/bool.html), without the one-letter forms.
    /// </summary>
    public static bool TryParse(string text, out bool value)
    {
        value = text is "true" or "True" or "TRUE" or "yes" or "Yes" or "YES" or "on" or "On" or "ON";
        return value || text is "false" or "False" or "FALSE" or "no" or "No" or "NO" or "off" or "Off" or "OFF";
    }
}

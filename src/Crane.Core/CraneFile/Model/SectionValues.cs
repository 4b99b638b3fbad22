namespace Crane.CraneFile.Model;

/// <summary>
/// The values of a section that comes from elsewhere than a crane file, checked against its keys. Whatever form they had, each
/// is a list of strings here: none, one, or several.
/// </summary>
internal sealed class SectionValues
{
    private readonly SectionKeys _keys;
    private readonly string _owner;
    private readonly Dictionary<string, IReadOnlyList<string>> _byProperty = new(StringComparer.Ordinal);

    /// <summary>Checks a section.</summary>
    /// <param name="keys">The keys that it may have.</param>
    /// <param name="entries">What it has, in any spelling of the keys.</param>
    /// <param name="owner">What has the section, for messages: <c>container 'os'</c>.</param>
    /// <exception cref="CraneException">UnknownKey, DuplicateKey, InvalidValue.</exception>
    public SectionValues(SectionKeys keys, PlainMap entries, string owner)
    {
        (_keys, _owner) = (keys, owner);
        foreach (var (written, value) in entries.Entries)
        {
            var key = keys.Find(written, owner);
            if (!_byProperty.TryAdd(key.Property, Read(key, value)))
                throw new CraneException(
                    CraneErrorId.DuplicateKey,
                    $"The {keys.Section} section of {owner} has '{key.Name}' twice.",
                    "Keep one of them.");
        }
    }

    /// <summary>A string; null where there is none or it is empty.</summary>
    public string? Text(string property) => Texts(property) is [{ Length: > 0 } text] ? text : null;

    /// <summary>A list; empty where there is none.</summary>
    public IReadOnlyList<string> Texts(string property) => _byProperty.GetValueOrDefault(property, []);

    /// <summary>A boolean; false where there is none.</summary>
    public bool Flag(string property) => Text(property) is { } text && YamlBoolean.TryParse(text, out var flag) && flag;

    private IReadOnlyList<string> Read(SectionKey key, object? value) => (key.Type, value) switch
    {
        (_, null) => [],
        (SchemaType.Text, string text) => [text],
        (SchemaType.Flag, string flag) when YamlBoolean.TryParse(flag, out _) => [flag],
        (SchemaType.Texts or SchemaType.Assignments, string text) => StringList.Read(text, key.Property),
        (SchemaType.Texts or SchemaType.Assignments, IReadOnlyList<object?> items) =>
            [.. items.Select(item => item as string ?? throw Refuse(key, item))],
        (SchemaType.Assignments, PlainMap map) => [.. map.Entries.Select(entry => entry.Value switch
        {
            null => entry.Key,
            string text => $"{entry.Key}={text}",
            var other => throw Refuse(key, other),
        })],
        _ => throw Refuse(key, value),
    };

    private CraneException Refuse(SectionKey key, object? value) => new(
        CraneErrorId.InvalidValue,
        $"'{key.Name}' in the {_keys.Section} section of {_owner} must be {key.Type.Expected}, not {PlainMap.KindOf(value)}.",
        "Write the value in that form.");
}

/// <summary>
/// An object of which only the values are left. Each is null, a string, a list of values, or such a map; anything else was
/// too deep for any section.
/// </summary>
internal sealed record PlainMap(IReadOnlyList<(string Key, object? Value)> Entries)
{
    /// <summary>What a value is, for messages.</summary>
    public static string KindOf(object? value) => value switch
    {
        null => "empty",
        string text => $"'{text}'",
        IReadOnlyList<object?> => "a list",
        PlainMap => "a map",
        _ => "an object",
    };
}

/// <summary>The booleans that files of all YAML versions have.</summary>
internal static class YamlBoolean
{
    /// <summary>
    /// Reads <c>true</c>, <c>yes</c>, <c>on</c> and their opposites, each also capitalized or in upper case, as YAML 1.1
    /// has them (https://yaml.org/type/bool.html); its one-letter forms are not taken.
    /// </summary>
    public static bool TryParse(string text, out bool value)
    {
        value = text is "true" or "True" or "TRUE" or "yes" or "Yes" or "YES" or "on" or "On" or "ON";
        return value || text is "false" or "False" or "FALSE" or "no" or "No" or "NO" or "off" or "Off" or "OFF";
    }
}

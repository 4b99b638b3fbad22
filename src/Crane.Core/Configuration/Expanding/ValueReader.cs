namespace Crane.Configuration;

/// <summary>Reads the values of one container with their variables expanded, and collects what is wrong in them.</summary>
/// <param name="owner">What the values belong to, such as <c>container `web`</c>.</param>
/// <param name="variables">Where variables come from.</param>
/// <param name="errors">Takes every error.</param>
internal sealed class ValueReader(string owner, IVariables variables, List<CraneException> errors)
{
    /// <summary>A text; null where the key is absent or its value comes out empty.</summary>
    public string? Text(MapNode? map, string section, string key) =>
        map?.Find(key) is ScalarNode { IsNull: false } value && Expand(value, section, key) is { Length: > 0 } text ? text : null;

    /// <summary>A list, or a text that stands for a list of one; items that come out empty are left out.</summary>
    public IReadOnlyList<string> Texts(MapNode? map, string section, string key) => map?.Find(key) switch
    {
        ScalarNode { IsNull: false } value => NotEmpty([Expand(value, section, key)]),
        ListNode list => NotEmpty(list.Items.OfType<ScalarNode>().Where(item => !item.IsNull).Select(item => Expand(item, section, key))),
        _ => [],
    };

    /// <summary><c>NAME=value</c> or <c>NAME</c>, from a list or from a map; in a map, a name without a value is the latter.</summary>
    public IReadOnlyList<string> Assignments(MapNode? map, string section, string key) => map?.Find(key) is MapNode assignments
        ? [.. assignments.Entries.Select(entry => Assignment(entry, section, key))]
        : Texts(map, section, key);

    /// <summary>A boolean; false where the key is absent.</summary>
    public bool Flag(MapNode? map, string section, string key)
    {
        if (map?.Find(key) is not ScalarNode value)
            return false;
        var failures = errors.Count;
        var text = Expand(value, section, key);
        if (!YamlBoolean.TryParse(text, out var flag) && errors.Count == failures)
            Refuse(
                value, Name(section, key), $"must be true or false, and '{value.Text}' is neither",
                "Write true or false; yes, no, on and off are read too.");
        return flag;
    }

    /// <summary>Collects an InvalidValue.</summary>
    /// <param name="value">What is wrong.</param>
    /// <param name="name">How it is called, from the container down.</param>
    /// <param name="problem">What is wrong with it, as the end of a sentence.</param>
    /// <param name="advice">What to do.</param>
    public void Refuse(ConfigNode value, string name, string problem, string advice) => errors.Add(new CraneException(
        CraneErrorId.InvalidValue, $"{value.Location}: '{name}' of {owner} {problem}.", advice)
    { Location = value.Location });

    /// <summary>A path made full, relative to the folder of the file that says it; null where there is none.</summary>
    public string? Path(MapNode? map, string section, string key) =>
        Text(map, section, key) is { } text ? FilePath.Full(text, map!.Find(key)!.File.Folder) : null;

    private string Assignment(MapEntry entry, string section, string key)
    {
        var name = Expand(entry.Key, section, key);
        return entry.Value is ScalarNode { IsNull: false } value ? $"{name}={Expand(value, section, key)}" : name;
    }

    private string Expand(ScalarNode value, string section, string key)
    {
        var text = Interpolation.Expand(value.Text, variables, out var fault);
        if (fault is not null)
            errors.Add(fault.ToException($"'{Name(section, key)}' of {owner}", value.Location));
        if (!text.Contains('\0', StringComparison.Ordinal))
            return text;
        Refuse(value, Name(section, key), "has a zero character", "Remove it: no name and no path has one.");
        return "";
    }

    private static string Name(string section, string key) => section.Length > 0 ? $"{section}.{key}" : key;

    private static List<string> NotEmpty(IEnumerable<string> texts) => [.. texts.Where(text => text.Length > 0)];
}

using Crane.CraneFile.Model;
using Crane.CraneFile.Nodes;
using Crane.CraneFile.Variables;

namespace Crane.CraneFile.Selecting;

/// <summary>Reads the values of one container with their variables expanded, and collects what is wrong in them.</summary>
/// <param name="owner">What the values belong to, such as <c>container `web`</c>.</param>
/// <param name="variables">Where variables come from.</param>
/// <param name="errors">Takes every error.</param>
internal sealed class ValueReader(string owner, IVariables variables, List<CraneException> errors)
{
    private readonly List<ValueOrigin> _origins = [];

    /// <summary>Where every value that was read so far stands.</summary>
    public IReadOnlyList<ValueOrigin> Origins => _origins;

    /// <summary>
    /// A text; null where the key is absent or its value comes out empty. A variable in it that is set but empty is an error,
    /// unless its form allows that.
    /// </summary>
    /// <param name="map">The section; null where there is none.</param>
    /// <param name="section">Its name.</param>
    /// <param name="key">The key.</param>
    /// <param name="withoutIt">What follows where there is no value, as a sentence.</param>
    public string? Text(MapNode? map, string section, string key, string? withoutIt = null) =>
        map?.Find(key) is ScalarNode { IsNull: false } value && Strict(value, section, key, withoutIt) is { Length: > 0 } text ? text : null;

    /// <summary>A list, or a text that stands for a list of one; variables as in <see cref="Text"/>, item by item.</summary>
    public IReadOnlyList<string> Texts(MapNode? map, string section, string key, string? withoutIt = null) =>
        NotEmpty(Items(map, key).Select(item => Strict(item, section, key, withoutIt)));

    /// <summary>The same for options that may well come to nothing; items that come out empty are left out.</summary>
    public IReadOnlyList<string> Options(MapNode? map, string section, string key) =>
        NotEmpty(Items(map, key).Select(item => Expand(item, section, key).Text));

    /// <summary>
    /// <c>NAME=value</c> or <c>NAME</c>, from a list or from a map; in a map, a name without a value is the latter. An empty
    /// value is a value.
    /// </summary>
    public IReadOnlyList<string> Assignments(MapNode? map, string section, string key) => map?.Find(key) is MapNode assignments
        ? [.. assignments.Entries.Select(entry => Assignment(entry, section, key))]
        : Options(map, section, key);

    /// <summary>A key that is a name with variables; empty where something is wrong with it.</summary>
    public string Key(ScalarNode key, string section) => Strict(key, section, key.Text, null);

    /// <summary>Remembers where a value stands that is taken as it is written.</summary>
    public void Keep(ScalarNode value, string section, string key) => _origins.Add(new ValueOrigin(section, key, value, value.Text, []));

    /// <summary>A boolean; false where the key is absent.</summary>
    public bool Flag(MapNode? map, string section, string key)
    {
        if (map?.Find(key) is not ScalarNode value)
            return false;
        var failures = errors.Count;
        var text = Strict(value, section, key, null);
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
        CraneErrorId.InvalidValue, $"'{name}' of {owner} {problem}.", advice).At(value.Location));

    /// <summary>Collects an error about a value that was read, with its place.</summary>
    public void Report(CraneException error, string name, string text) =>
        errors.Add(_origins.First(origin => origin.Name == name && origin.Text == text).Locate(error, owner));

    /// <summary>A path made full, relative to the folder of the file that says it; null where there is none.</summary>
    public string? Path(MapNode? map, string section, string key) =>
        Text(map, section, key) is { } text ? FilePath.Full(text, map!.Find(key)!.File.Folder) : null;

    private string Assignment(MapEntry entry, string section, string key)
    {
        var name = Expand(entry.Key, section, key).Text;
        return entry.Value is ScalarNode { IsNull: false } value ? $"{name}={Expand(value, section, key).Text}" : name;
    }

    private string Strict(ScalarNode value, string section, string key, string? withoutIt)
    {
        var expanded = Expand(value, section, key);
        var text = expanded.Text;
        if (expanded.Empty is { } variable)
            Fail(value, section, key, new InterpolationError.Empty(variable, text.Length == 0 ? withoutIt : null));
        _origins.Add(new ValueOrigin(section, key, value, text, expanded.Variables));
        return text;
    }

    private ExpandedText Expand(ScalarNode value, string section, string key)
    {
        var expanded = Interpolation.Read(value.Text, variables, out var fault);
        if (fault is not null)
            Fail(value, section, key, fault);
        if (!expanded.Text.Contains('\0', StringComparison.Ordinal))
            return expanded;
        Refuse(value, Name(section, key), "has a null character", "Remove it: no name and no path has one.");
        return new ExpandedText();
    }

    private void Fail(ScalarNode value, string section, string key, InterpolationError fault) =>
        errors.Add(fault.ToException($"'{Name(section, key)}' of {owner}", value.Location));

    private static IEnumerable<ScalarNode> Items(MapNode? map, string key) => map?.Find(key) switch
    {
        ScalarNode { IsNull: false } value => [value],
        ListNode list => list.Items.OfType<ScalarNode>().Where(item => !item.IsNull),
        _ => [],
    };

    private static string Name(string section, string key) => section.Length > 0 ? $"{section}.{key}" : key;

    private static List<string> NotEmpty(IEnumerable<string> texts) => [.. texts.Where(text => text.Length > 0)];
}

/// <summary>Paths of a crane file.</summary>
internal static class FilePath
{
    /// <summary>The full path of a path in a file of that folder, without a separator at its end.</summary>
    public static string Full(string path, string folder) =>
        Path.TrimEndingDirectorySeparator(Path.GetFullPath(path, folder));

    /// <summary>Whether a build context is an address that the builder fetches, by the rules of <c>docker build</c>.</summary>
    public static bool IsRemoteContext(string context) =>
        context.Contains("://", StringComparison.Ordinal)
        || context.StartsWith("git@", StringComparison.Ordinal)
        || context.StartsWith("github.com/", StringComparison.Ordinal);
}

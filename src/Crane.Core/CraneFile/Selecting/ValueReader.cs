using Crane.CraneFile.Model;
using Crane.CraneFile.Nodes;
using Crane.CraneFile.Variables;
using Crane.Errors;

namespace Crane.CraneFile.Selecting;

/// <summary>Reads and expands the values of one container, and collects errors.</summary>
/// <param name="owner">The owner of the values, for messages, such as <c>container `web`</c>.</param>
internal sealed class ValueReader(string owner, IVariables variables, List<CraneException> errors)
{
    private readonly List<ValueOrigin> _origins = [];

    /// <summary>The locations of all values that were read.</summary>
    public IReadOnlyList<ValueOrigin> Origins => _origins;

    /// <summary>A string; null if it is missing or empty. An empty variable in it is an error, unless its form allows that.</summary>
    /// <param name="withoutIt">What happens without a value, as a sentence.</param>
    /// <param name="home">The section where the value is written, if that is another one; null for the same.</param>
    public string? String(MapNode? map, string section, string key, string? withoutIt = null, string? home = null) =>
        map?.Find(key) is ScalarNode { IsNull: false } node && Strict(node, section, key, withoutIt, home) is { Length: > 0 } value
            ? value : null;

    /// <summary>A string as in <see cref="String"/>; null if it has an error as well.</summary>
    public string? Valid(MapNode? map, string section, string key)
    {
        var failures = errors.Count;
        var value = String(map, section, key);
        return errors.Count == failures ? value : null;
    }

    /// <summary>A list, or a string as a list of one; variables as in <see cref="String"/>.</summary>
    public IReadOnlyList<string> Strings(MapNode? map, string section, string key, string? withoutIt = null) =>
        NotEmpty(Items(map, key), item => Strict(item, section, key, withoutIt));

    /// <summary>The same, but empty variables are allowed, and empty items are ignored.</summary>
    public IReadOnlyList<string> Options(MapNode? map, string section, string key) =>
        NotEmpty(Items(map, key), item => Remember(item, section, key, Expand(item, section, key)));

    /// <summary><c>NAME=value</c> or <c>NAME</c>, from a list or from a map, where null means the latter. Values may be empty.</summary>
    public IReadOnlyList<string> Assignments(MapNode? map, string section, string key) => map?.Find(key) is MapNode assignments
        ? [.. assignments.Entries.Select(entry => Assignment(entry, section, key))]
        : Options(map, section, key);

    /// <summary>The same; what has no value gets that of a file of variables, since builders see only the environment.</summary>
    public IReadOnlyList<string> Arguments(MapNode? map, string section, string key) =>
        [.. Assignments(map, section, key).Select(
            argument => !argument.Contains('=') && variables.OfFile(argument) is { } value ? $"{argument}={value}" : argument)];

    /// <summary>A key that is a name with variables; empty if it has an error.</summary>
    public string Key(ScalarNode key, string section) => Strict(key, section, key.Text, null);

    /// <summary>Remembers the location of a value that is not expanded.</summary>
    public void Keep(ScalarNode value, string section, string key) => _origins.Add(new ValueOrigin(section, key, value, value.Text, []));

    /// <summary>A boolean; false if the key is missing.</summary>
    public bool Flag(MapNode? map, string section, string key)
    {
        if (map?.Find(key) is not ScalarNode value)
            return false;
        var failures = errors.Count;
        var written = Strict(value, section, key, null);
        if (!YamlBoolean.TryParse(written, out var flag) && errors.Count == failures)
            Refuse(
                value, Name(section, key), $"must be true or false, not '{value.Text}'",
                "Write true or false. yes, no, on and off are accepted, too.");
        return flag;
    }

    /// <summary>A member of an enum; null if the key is missing or empty.</summary>
    public T? Member<T>(MapNode? map, string section, string key)
        where T : struct, Enum
    {
        if (Valid(map, section, key) is not { } written)
            return null;
        var choice = new SchemaType.Choice(typeof(T));
        if (choice.Has(written))
            return Enum.Parse<T>(written, ignoreCase: true);
        Refuse(
            map!.Find(key)!, Name(section, key), $"must be {choice.Expected}, not '{written}'",
            $"Write one of these.{NearMatch.DidYouMean(choice.Names, written, limit: 1)}");
        return null;
    }

    /// <summary>An age as written; null if the key is missing or empty.</summary>
    public string? Age(MapNode? map, string section, string key)
    {
        var written = Valid(map, section, key);
        if (written is null || AgeText.TryParse(written, out _))
            return written;
        Refuse(
            map!.Find(key)!, Name(section, key), $"must be {AgeText.Expected}, not '{written}'",
            "Write a number with m, h, d or w for minutes, hours, days or weeks.");
        return null;
    }

    /// <summary>Adds an InvalidValue; <paramref name="problem"/> is the end of a sentence.</summary>
    public void Refuse(ConfigNode value, string name, string problem, string advice) => errors.Add(new CraneException(
        CraneErrorId.InvalidValue, $"'{name}' of {owner} {problem}.", advice).At(value.Location));

    /// <summary>Adds an error about a value that was read, with its location.</summary>
    public void Report(CraneException error, string name, string value) =>
        errors.Add(_origins.First(origin => origin.Name == name && origin.Text == value).Locate(error, owner));

    /// <summary>The full path of a path relative to its file; null if it is missing.</summary>
    public string? Path(MapNode? map, string section, string key) =>
        String(map, section, key) is { } path ? FilePath.Full(path, map!.Find(key)!.File.Folder) : null;

    private string Assignment(MapEntry entry, string section, string key)
    {
        var name = Expand(entry.Key, section, key);
        if (entry.Value is not ScalarNode { IsNull: false } written)
            return Remember(entry.Key, section, key, name);
        var value = Expand(written, section, key);
        return Remember(entry.Key, section, key, value with
        {
            Text = $"{name.Text}={value.Text}",
            Variables = [.. name.Variables, .. value.Variables],
        });
    }

    private string Remember(ScalarNode value, string section, string key, ExpandedText expanded)
    {
        _origins.Add(new ValueOrigin(section, key, value, expanded.Text, expanded.Variables));
        return expanded.Text;
    }

    private string Strict(ScalarNode value, string section, string key, string? withoutIt, string? home = null)
    {
        var expanded = Expand(value, home ?? section, key);
        var text = expanded.Text;
        if (expanded.Empty is { } variable)
            Fail(value, home ?? section, key, new InterpolationError.Empty(variable, text.Length == 0 ? withoutIt : null));
        _origins.Add(new ValueOrigin(section, key, value, text, expanded.Variables) { Home = home });
        return text;
    }

    private ExpandedText Expand(ScalarNode value, string section, string key)
    {
        var expanded = variables.Expand(value.Text, out var error);
        if (error is not null)
            Fail(value, section, key, error);
        if (!expanded.Text.Contains('\0', StringComparison.Ordinal))
            return expanded;
        Refuse(value, Name(section, key), "has a null character", "Remove it: names and paths cannot have one.");
        return ExpandedText.Literal("");
    }

    private void Fail(ScalarNode value, string section, string key, InterpolationError error) =>
        errors.Add(error.ToException($"'{Name(section, key)}' of {owner}", value.Location));

    private static IReadOnlyList<ScalarNode> Items(MapNode? map, string key) => map?.Find(key) switch
    {
        ScalarNode { IsNull: false } value => [value],
        ListNode list => [.. list.Items.OfType<ScalarNode>().Where(item => !item.IsNull)],
        _ => [],
    };

    private static string Name(string section, string key) => section.Length > 0 ? $"{section}.{key}" : key;

    private static IReadOnlyList<string> NotEmpty(IReadOnlyList<ScalarNode> items, Func<ScalarNode, string> read) =>
        items is [] ? [] : [.. items.Select(read).Where(value => value.Length > 0)];
}

/// <summary>Paths in crane files.</summary>
internal static class FilePath
{
    /// <summary>The full path of a path relative to a folder, without a trailing separator.</summary>
    public static string Full(string path, string folder) => Path.TrimEndingDirectorySeparator(Path.GetFullPath(path, folder));

    /// <summary>Whether a build context is an address to fetch, by the rules of <c>docker build</c>.</summary>
    public static bool IsRemoteContext(string context) =>
        context.Contains("://", StringComparison.Ordinal)
        || context.StartsWith("git@", StringComparison.Ordinal)
        || context.StartsWith("github.com/", StringComparison.Ordinal);
}

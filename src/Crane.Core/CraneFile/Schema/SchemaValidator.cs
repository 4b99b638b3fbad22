using Crane.CraneFile.Compose;
using Crane.CraneFile.Model;
using Crane.CraneFile.Nodes;
using Crane.Errors;

namespace Crane.CraneFile.Schema;

/// <summary>Checks the values of one file against the schema, and collects all errors.</summary>
internal sealed class SchemaValidator
{
    private readonly List<CraneException> _errors = [];
    private readonly List<ScalarNode> _unknownKeys = [];
    private readonly List<ScalarNode> _unsupportedKeys = [];
    private readonly HashSet<ConfigNode> _judgedMaps = [];

    // An anchor may be used by many containers; its errors are reported once.
    private readonly HashSet<(CraneErrorId Id, int Line, int Column)> _reported = [];

    public IReadOnlyList<CraneException> Errors => _errors;

    /// <summary>Unknown keys that are no error.</summary>
    public IReadOnlyList<ScalarNode> UnknownKeys => _unknownKeys;

    /// <summary>Keys of other programs that would change something here, if Crane had them.</summary>
    public IReadOnlyList<ScalarNode> UnsupportedKeys => _unsupportedKeys;

    /// <summary>Whether a map with duplicates was checked; others are for running containers.</summary>
    public bool IsJudged(MapNode map) => _judgedMaps.Contains(map);

    /// <summary>Whether the key is an error already, as a duplicate in a map that it was merged into.</summary>
    public bool HasRefused(ScalarNode key) => _reported.Contains((CraneErrorId.DuplicateKey, key.Line, key.Column));

    public void Report(CraneErrorId id, ConfigNode node, string message, string advice)
    {
        if (_reported.Add((id, node.Line, node.Column)))
            _errors.Add(new CraneException(id, message, advice).At(node.Location));
    }

    /// <summary>Checks a value and its children.</summary>
    public void Check(ConfigNode node, SchemaType type, KeyPath? path)
    {
        if (IsSimple(node, type) || node is ScalarNode { IsReset: true })
            return;
        switch (type, node)
        {
            case (SchemaType.Section { ShortForm: SchemaType.Scalar or SchemaType.Choice } section, ScalarNode { IsNull: false }):
                Check(node, section.ShortForm, path);
                break;
            case (SchemaType.Section { ShortForm: SchemaType.ScalarList } section, ListNode):
                Check(node, section.ShortForm, path);
                break;
            case (SchemaType.Flag, ScalarNode { IsNull: false } scalar)
                when HasVariables(scalar) || YamlBoolean.TryParse(scalar.Text, out _):
                break;
            case (SchemaType.Choice choice, ScalarNode { IsNull: false } scalar) when HasVariables(scalar) || choice.Has(scalar.Text):
                break;
            case (SchemaType.Age, ScalarNode { IsNull: false } scalar) when HasVariables(scalar) || AgeText.TryParse(scalar.Text, out _):
                break;
            case (SchemaType.ScalarList scalars, ListNode list):
                CheckItems(list, scalars, path);
                break;
            case (SchemaType.Assignments, ListNode list):
                CheckItems(list, new SchemaType.ScalarList(), path);
                break;
            case (SchemaType.Assignments, MapNode map):
                CheckAssignments(map, path);
                break;
            case (SchemaType.Named named, MapNode map):
                CheckNamed(map, named, path);
                break;
            case (SchemaType.Section section, MapNode map):
                CheckSection(map, section, path);
                break;
            case (_, MapNode map) when map.Entries.Any(entry => CraneFileSchema.HomesOf(entry.Key.Text) is not []):
                foreach (var (key, _) in map.Entries.Where(entry => CraneFileSchema.HomesOf(entry.Key.Text) is not []))
                    ReportMisplaced(key, CraneFileSchema.HomesOf(key.Text), path);
                break;
            default:
                ReportType(node, type, path);
                break;
        }
    }

    // Most values are. Their path is not needed, since they have no errors.
    private static bool IsSimple(ConfigNode node, SchemaType type) => node.IsNull
        ? type.MayBeNull
        : node is ScalarNode && type is SchemaType.Scalar or SchemaType.ScalarList { OrOne: true };

    // Its value is checked when they are expanded.
    private static bool HasVariables(ScalarNode scalar) => scalar.Text.Contains('$', StringComparison.Ordinal);

    private void CheckItems(ListNode list, SchemaType.ScalarList type, KeyPath? path)
    {
        for (var index = 0; index < list.Items.Count; index++)
            if (!IsItem(list.Items[index], type))
                Report(
                    CraneErrorId.InvalidValue, list.Items[index],
                    $"item {index + 1} of '{path}' must be a string, not {list.Items[index].Kind}.",
                    list.Items[index].IsNull ? "Give it a value or remove it." : $"Write '{path?.Key}: {type.Example}'.");
    }

    private static bool IsItem(ConfigNode item, SchemaType.ScalarList type) =>
        item is ScalarNode scalar ? type.MayHaveNulls || !scalar.IsNull : type.MayHaveMaps && item is MapNode;

    private void CheckAssignments(MapNode map, KeyPath? path)
    {
        Judge(map, path);
        foreach (var (key, value) in map.Entries)
            if (value is not ScalarNode)
                Report(
                    CraneErrorId.InvalidValue, value, $"'{Down(path, key.Text)}' must be a string, not {value.Kind}.",
                    $"Write '{key.Text}: VALUE'.");
    }

    private void CheckNamed(MapNode map, SchemaType.Named type, KeyPath? path)
    {
        Judge(map, path);
        foreach (var (key, value) in map.Entries)
        {
            if (string.IsNullOrWhiteSpace(key.Text) || key.IsNull)
                Report(CraneErrorId.InvalidValue, key, $"a name in '{path}' is empty.", "Give it a name, or remove it.");
            Check(value, type.Each, Down(path, key.Text));
        }
    }

    private void CheckSection(MapNode map, SchemaType.Section section, KeyPath? path)
    {
        Judge(map, path);
        foreach (var (key, value) in map.Entries)
        {
            if (section.Keys.TryGetValue(key.Text, out var known))
            {
                if (!IsSimple(value, known))
                    Check(value, known, Down(path, key.Text));
            }
            else if (section.Unsupported.Contains(key.Text) && !IsPlace(value))
                _unsupportedKeys.Add(key);
            else if (!section.Silent.Contains(key.Text) && !(section.HasExtensions && IsExtension(key.Text)))
                CheckUnknown(key, section, path);
        }
    }

    // Crane's own in capitals is a mistake, and says where images go.
    private static bool IsExtension(string key) => key.StartsWith("x-", StringComparison.Ordinal)
        && (key == ComposeSections.Extension || !key.Equals(ComposeSections.Extension, StringComparison.OrdinalIgnoreCase));

    // A `pull` of ours at the wrong place, not that of Compose.
    private static bool IsPlace(ConfigNode value) =>
        value is MapNode map && map.Entries.Any(entry => SectionKeys.Pull.Has(entry.Key.Text) || SectionKeys.Push.Has(entry.Key.Text));

    private void CheckUnknown(ScalarNode key, SchemaType.Section section, KeyPath? path)
    {
        if (!section.Keys.Keys.Contains(key.Text, StringComparer.OrdinalIgnoreCase)
            && CraneFileSchema.HomesOf(key.Text) is { Count: > 0 } homes)
            ReportMisplaced(key, homes, path);
        else if (section.RefusesUnknown)
            Report(
                CraneErrorId.UnknownKey, key,
                $"'{path}' has no key '{key.Text}'.{NearMatch.DidYouMean(section.Keys.Keys, key.Text, limit: 1)}",
                $"The keys of '{path?.Key}' are {string.Join(", ", section.Keys.Keys)}.");
        else if (section.Guarded.Any(guarded => NearMatch.IsNear(guarded, key.Text)))
            Report(
                CraneErrorId.UnknownKey, key,
                $"unknown key '{key.Text}' in {Owner(path)}.{NearMatch.DidYouMean(section.Guarded, key.Text, limit: 1)}",
                "Correct the key. Prefix a key for another purpose with 'x-'.");
        else
            _unknownKeys.Add(key);
    }

    // To ignore it could push an image to the wrong registry, or one that must not be pushed.
    private void ReportMisplaced(ScalarNode key, IReadOnlyList<string> homes, KeyPath? path)
    {
        var belongs = string.Join(" or ", homes.Select(home => $"'{home}'"));
        Report(
            CraneErrorId.UnknownKey, key, $"{Owner(path)} has no key '{key.Text}'. It belongs under {belongs}.",
            "Move it there, or remove it.");
    }

    private void Judge(MapNode map, KeyPath? path)
    {
        if (map.Duplicates is [])
            return;
        _judgedMaps.Add(map);
        foreach (var (first, second) in map.Duplicates)
            Report(
                CraneErrorId.DuplicateKey, second,
                $"duplicate key '{Down(path, second.Text)}', in line {first.Line} and in line {second.Line}.",
                "Keep one of them, or merge their values.");
    }

    private void ReportType(ConfigNode node, SchemaType type, KeyPath? path)
    {
        var (actual, meant) = (node, type) is (ScalarNode { IsNull: false } scalar, SchemaType.Flag or SchemaType.Choice or SchemaType.Age)
            ? ($"'{scalar.Text}'", NearMatch.DidYouMean((type as SchemaType.Choice)?.Names ?? [], scalar.Text, limit: 1))
            : (node.Kind, "");
        Report(
            CraneErrorId.InvalidValue, node, $"'{path}' must be {type.Expected}, not {actual}.{meant}",
            node.IsNull ? "Give it a value or remove the key."
                : type.Example is { } example ? $"Write '{path?.Key}: {example}'." : "Write one of these.");
    }

    private static string Owner(KeyPath? path) => path is null ? "the file" : $"'{path}'";

    private static KeyPath Down(KeyPath? path, string key) => path is null ? new KeyPath(null, key) : path.Down(key);
}

/// <summary>The path of a value: linked keys, since only errors need it as a string.</summary>
internal sealed record KeyPath(KeyPath? Parent, string Key)
{
    public KeyPath Down(string key) => new(this, key);

    public override string ToString() => Parent is null ? Key : $"{Parent}.{Key}";
}

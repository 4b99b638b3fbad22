using Crane.CraneFile.Model;
using Crane.CraneFile.Nodes;
using Crane.Errors;

namespace Crane.CraneFile.Schema;

/// <summary>Holds the values of one file against the schema, and collects everything that is wrong.</summary>
internal sealed class SchemaValidator
{
    private readonly List<CraneException> _errors = [];
    private readonly List<ScalarNode> _unknownKeys = [];
    private readonly HashSet<ConfigNode> _judgedMaps = [];

    // One anchor may be used by many containers; what is wrong in it is wrong once.
    private readonly HashSet<(CraneErrorId Id, int Line, int Column)> _reported = [];

    public IReadOnlyList<CraneException> Errors => _errors;

    /// <summary>Keys that nobody knows, where that is harmless.</summary>
    public IReadOnlyList<ScalarNode> UnknownKeys => _unknownKeys;

    /// <summary>Whether the map was looked into; others belong to running containers.</summary>
    public bool IsJudged(MapNode map) => _judgedMaps.Contains(map);

    /// <summary>Whether the key is an error already, as a duplicate in another map that it was merged into.</summary>
    public bool HasRefused(ScalarNode key) => _reported.Contains((CraneErrorId.DuplicateKey, key.Line, key.Column));

    /// <summary>Reports an error that is found elsewhere.</summary>
    public void Report(CraneErrorId id, ConfigNode node, string message, string? advice = null)
    {
        if (_reported.Add((id, node.Line, node.Column)))
            _errors.Add(new CraneException(id, message, advice).At(node.Location));
    }

    /// <summary>Checks a value and everything in it that has a meaning.</summary>
    public void Check(ConfigNode node, SchemaType shape, KeyPath? path)
    {
        switch (shape, node)
        {
            case ({ MayBeNull: true }, { IsNull: true }):
            case (SchemaType.Text, ScalarNode { IsNull: false }):
            case (SchemaType.Texts { OrOne: true }, ScalarNode { IsNull: false }):
            case (SchemaType.Section { TextMeans: not null }, ScalarNode { IsNull: false }):
                break;
            case (SchemaType.Flag, ScalarNode { IsNull: false } scalar) when CanBeBoolean(scalar.Text):
                break;
            case (SchemaType.Texts texts, ListNode list):
                CheckItems(list, texts.MayHaveNulls, path);
                break;
            case (SchemaType.Assignments, ListNode list):
                CheckItems(list, mayHaveNulls: false, path);
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
                ReportKind(node, shape, path);
                break;
        }
    }

    private static bool CanBeBoolean(string text) => text.Contains('$', StringComparison.Ordinal) || YamlBoolean.TryParse(text, out _);

    private void CheckItems(ListNode list, bool mayHaveNulls, KeyPath? path)
    {
        for (var index = 0; index < list.Items.Count; index++)
            if (list.Items[index] is not ScalarNode item || (item.IsNull && !mayHaveNulls))
                Report(
                    CraneErrorId.InvalidValue, list.Items[index],
                    $"item {index + 1} of '{path}' must be a text, and is {list.Items[index].Kind}.");
    }

    private void CheckAssignments(MapNode map, KeyPath? path)
    {
        Judge(map, path);
        foreach (var (key, value) in map.Entries)
            if (value is not ScalarNode)
                Report(CraneErrorId.InvalidValue, value, $"'{Down(path, key.Text)}' must be a text, and is {value.Kind}.");
    }

    private void CheckNamed(MapNode map, SchemaType.Named shape, KeyPath? path)
    {
        Judge(map, path);
        foreach (var (key, value) in map.Entries)
        {
            if (string.IsNullOrWhiteSpace(key.Text) || key.IsNull)
                Report(CraneErrorId.InvalidValue, key, $"a name in '{path}' is empty.");
            Check(value, shape.Each, Down(path, key.Text));
        }
    }

    private void CheckSection(MapNode map, SchemaType.Section shape, KeyPath? path)
    {
        Judge(map, path);
        foreach (var (key, value) in map.Entries)
        {
            if (shape.Keys.TryGetValue(key.Text, out var known))
                Check(value, known, Down(path, key.Text));
            else if (!shape.Silent.Contains(key.Text)
                && !(shape.HasExtensions && key.Text.StartsWith("x-", StringComparison.Ordinal)))
                CheckUnknown(key, shape, path);
        }
    }

    private void CheckUnknown(ScalarNode key, SchemaType.Section shape, KeyPath? path)
    {
        if (!shape.Keys.Keys.Contains(key.Text, StringComparer.OrdinalIgnoreCase) && CraneFileSchema.HomesOf(key.Text) is { Count: > 0 } homes)
            ReportMisplaced(key, homes, path);
        else if (shape.RefusesUnknown)
            Report(
                CraneErrorId.UnknownKey, key, $"'{path}' has no key '{key.Text}'.{NearMatch.DidYouMean(shape.Keys.Keys, key.Text, limit: 1)}",
                $"The keys of '{path?.Key}' are {string.Join(", ", shape.Keys.Keys)}.");
        else if (shape.Guarded.Any(guarded => NearMatch.IsNear(guarded, key.Text)))
            Report(
                CraneErrorId.UnknownKey, key, $"{Owner(path)} has the key '{key.Text}'.{NearMatch.DidYouMean(shape.Guarded, key.Text, limit: 1)}",
                "Correct the key; a key that is meant for something else can be named x-… .");
        else
            _unknownKeys.Add(key);
    }

    // Passed over, it would be as if nobody had said where the image goes, or that it stays.
    private void ReportMisplaced(ScalarNode key, IReadOnlyList<string> homes, KeyPath? path)
    {
        var belongs = string.Join(" or ", homes.Select(home => $"'{home}'"));
        Report(
            CraneErrorId.UnknownKey, key, $"{Owner(path)} has no key '{key.Text}'. It belongs under {belongs}.",
            "Put it there, or remove it.");
    }

    private void Judge(MapNode map, KeyPath? path)
    {
        _judgedMaps.Add(map);
        foreach (var (first, second) in map.Duplicates)
            Report(
                CraneErrorId.DuplicateKey, second,
                $"'{Down(path, second.Text)}' stands twice, in line {first.Line} and in line {second.Line}.",
                "Keep one of them, or put their contents together.");
    }

    private void ReportKind(ConfigNode node, SchemaType shape, KeyPath? path)
    {
        var found = node is ScalarNode { IsNull: false } scalar && shape is SchemaType.Flag ? $"'{scalar.Text}'" : node.Kind;
        Report(
            CraneErrorId.InvalidValue, node, $"'{path}' must be {shape.Expected}, and is {found}.",
            node.IsNull ? "Give it a value or remove the key." : null);
    }

    private static string Owner(KeyPath? path) => path is null ? "the file" : $"'{path}'";

    private static KeyPath Down(KeyPath? path, string key) => path is null ? new KeyPath(null, key) : path.Down(key);
}

/// <summary>The keys that lead to a value. Linked, because it is written out for errors only.</summary>
internal sealed record KeyPath(KeyPath? Parent, string Key)
{
    public KeyPath Down(string key) => new(this, key);

    /// <summary><c>containers.web.push</c>; the top of the file is <c>the file</c>.</summary>
    public override string ToString() => Parent is null ? Key : $"{Parent}.{Key}";
}

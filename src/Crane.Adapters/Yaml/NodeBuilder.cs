using Crane.CraneFile.Nodes;
using Crane.CraneFile.Schema;
using YamlDotNet.Core.Events;
using YamlDotNet.Core;

namespace Crane.Adapters.Yaml;

/// <summary>
/// Builds nodes from the events of one document. Aliases share the node of their anchor, so that expansion costs no memory;
/// the expanded size is counted all the same, and limited.
/// </summary>
internal sealed class NodeBuilder(SourceFile file, YamlEvents events)
{
    // More than 10,000 containers need that all merge a common part of a hundred values.
    private const int ExpansionLimit = 2_000_000;
    private const int DepthLimit = 100;
    private const string Comments = "In YAML a comment begins with #; JSON has none.";

    private readonly Dictionary<AnchorName, Sized> _anchors = [];
    private readonly HashSet<AnchorName> _openAnchors = [];
    private readonly List<MapNode> _mapsWithDuplicates = [];
    private long _expanded;
    private int _depth;

    /// <summary>Every map with duplicate keys.</summary>
    public IReadOnlyList<MapNode> MapsWithDuplicates => _mapsWithDuplicates;

    /// <summary>Reads the value at the current event, up to the end of its document.</summary>
    /// <exception cref="CraneException">See <see cref="YamlDocument.Read(SourceFile)"/>.</exception>
    public ConfigNode ReadRoot() => Read().Node;

    private Sized Read()
    {
        if (events.Current is AnchorAlias alias)
            return Resolve(alias);
        if (events.Current is not NodeEvent start)
            throw Invalid(events.Current, "a key or a value is missing here", "Write it, or remove what it belongs to.");
        if (!start.Anchor.IsEmpty)
            _openAnchors.Add(start.Anchor);
        if (++_depth > DepthLimit)
            throw Invalid(start, $"values are nested more than {DepthLimit} levels deep", "Write fewer levels.");
        var value = start switch
        {
            Scalar scalar => ReadScalar(scalar),
            SequenceStart => ReadList(start),
            _ => ReadMap(start),
        };
        _depth--;
        if (HasTag(start, "!reset"))
            value = value with { Node = value.Node.Reset() };
        if (!start.Anchor.IsEmpty)
        {
            _openAnchors.Remove(start.Anchor);
            _anchors[start.Anchor] = value;
        }

        return value;
    }

    // With these tags, Compose removes and replaces what earlier files say
    // (https://github.com/compose-spec/compose-spec/blob/main/13-merge.md#reset-value).
    private static bool HasTag(NodeEvent start, string tag) => !start.Tag.IsEmpty && start.Tag.Value == tag;

    private Sized Resolve(AnchorAlias alias)
    {
        if (_openAnchors.Contains(alias.Value))
            throw Invalid(
                alias, $"the alias '*{alias.Value}' refers to a value that contains it", "Name another anchor, or write the value here.");
        if (!_anchors.TryGetValue(alias.Value, out var target))
            throw Invalid(
                alias, $"the alias '*{alias.Value}' has no anchor '&{alias.Value}' before it",
                "Write the anchor before the value that is meant, or quote a value that begins with '*'.");
        Spend(target.Size, alias);
        events.Advance();
        return target;
    }

    private Sized ReadScalar(Scalar scalar)
    {
        var isPlain = scalar.Style is ScalarStyle.Plain && scalar.Tag.IsEmpty;
        events.Advance();
        return new Sized(new ScalarNode(file, Line(scalar), Column(scalar), scalar.Value, isPlain), 1);
    }

    private Sized ReadList(NodeEvent start)
    {
        var (items, size) = (new List<ConfigNode>(), 1L);
        events.Advance();
        while (events.Current is not SequenceEnd)
        {
            var item = Read();
            items.Add(item.Node);
            size += item.Size;
        }

        events.Advance();
        return new Sized(new ListNode(file, Line(start), Column(start), items), size);
    }

    private Sized ReadMap(NodeEvent start)
    {
        var (entries, size) = (new MapEntries(), 1L);
        events.Advance();
        while (events.Current is not MappingEnd)
        {
            var keyEvent = events.Current;
            var isMerge = keyEvent is Scalar { Style: ScalarStyle.Plain, Value: "<<", Tag.IsEmpty: true };
            if (Read().Node is not ScalarNode key)
                throw Invalid(
                    keyEvent, "a key must be a string, not a list or a map",
                    "Write KEY: VALUE, and quote a key that begins with a bracket or a brace.");
            if (keyEvent is Scalar { Style: ScalarStyle.Plain } && IsComment(key.Text))
                throw Invalid(keyEvent, "no comment begins with '//' or '/*', so this would be a part of the key", Comments);
            var value = Read();
            size += 1 + value.Size;
            if (isMerge)
                Spend(entries.Merge(key, value.Node), keyEvent);
            else
                entries.Add(key, value.Node);
        }

        events.Advance();
        var map = entries.ToMap(file, Line(start), Column(start), isWhole: HasTag(start, "!override"));
        if (map.Duplicates.Count > 0)
            _mapsWithDuplicates.Add(map);
        return new Sized(map, size);
    }

    // The scanner joins it with the key after it, which would then be unknown.
    private static bool IsComment(string key) => key is ['/', '/' or '*', ..];

    private void Spend(long values, ParsingEvent where)
    {
        _expanded += values;
        if (_expanded > ExpansionLimit)
            throw Invalid(
                where, $"the aliases and merge keys of this file expand to more than {ExpansionLimit} values", "Use fewer of them.");
    }

    private CraneException Invalid(ParsingEvent where, string problem, string advice)
    {
        var location = file.Locate(Line(where), Column(where));
        return ForeignFileDetector.Template(file, location)
            ?? new CraneException(CraneErrorId.CraneFileInvalid, $"{location}: {problem}.", advice) { Location = location };
    }

    private static int Line(ParsingEvent at) => (int)at.Start.Line;

    private static int Column(ParsingEvent at) => (int)at.Start.Column;

    /// <summary>A node, and its number of nodes with every alias expanded.</summary>
    private readonly record struct Sized(ConfigNode Node, long Size);
}

/// <summary>
/// Collects the entries of one map, and resolves its merge key (https://yaml.org/type/merge.html): the map's own keys win
/// wherever <c>&lt;&lt;</c> is written, and of several merged maps the first wins.
/// </summary>
internal sealed class MapEntries
{
    private const string Example = "Write one merge key with a list: '<<: [*first, *second]'.";

    // Most maps have a handful of keys, and searching these is faster than hashing.
    private const int IndexedFrom = 12;

    private readonly List<MapEntry> _entries = [];
    private List<DuplicateKey>? _duplicates;
    private Dictionary<string, int>? _positions;
    private ScalarNode? _mergeKey;
    private IReadOnlyList<MapNode> _merged = [];

    /// <summary>Adds an entry; of duplicate keys, the last value is used.</summary>
    public void Add(ScalarNode key, ConfigNode value)
    {
        var entry = new MapEntry(key, value);
        if (PositionOf(key.Text) is not (>= 0 and var position))
        {
            Append(entry);
            return;
        }

        (_duplicates ??= []).Add(new DuplicateKey(_entries[position].Key, key));
        _entries[position] = entry;
    }

    /// <summary>Adds the value of a merge key: a map, or a list of maps.</summary>
    /// <returns>The number of merged entries.</returns>
    /// <exception cref="CraneException">DuplicateKey for a second merge key; InvalidValue for another value.</exception>
    public int Merge(ScalarNode key, ConfigNode value)
    {
        if (_mergeKey is not null)
            throw new CraneException(
                CraneErrorId.DuplicateKey,
                $"{key.Location}: duplicate merge key '<<' in one map, in line {_mergeKey.Line} and in line {key.Line}.",
                Example)
            { Location = key.Location };
        _mergeKey = key;
        _merged = value switch
        {
            MapNode map => [map],
            ListNode list when list.Items.All(item => item is MapNode) => [.. list.Items.Cast<MapNode>()],
            _ => throw new CraneException(
                CraneErrorId.InvalidValue,
                $"{value.Location}: the merge key '<<' must be a map or a list of maps, not {value.Kind}.",
                Example)
            { Location = value.Location },
        };
        return _merged.Sum(map => map.Entries.Count);
    }

    /// <summary>Returns the map. Merged entries come after its own keys; duplicates among them are duplicates of this map, too.</summary>
    public MapNode ToMap(SourceFile file, int line, int column, bool isWhole)
    {
        foreach (var map in _merged)
        {
            foreach (var entry in map.Entries.Where(entry => PositionOf(entry.Key.Text) < 0))
            {
                Append(entry);
                (_duplicates ??= []).AddRange(map.Duplicates.Where(duplicate => duplicate.Second.Text == entry.Key.Text));
            }
        }

        return new MapNode(file, line, column, _entries, _duplicates) { IsWhole = isWhole };
    }

    private void Append(MapEntry entry)
    {
        _entries.Add(entry);
        if (_entries.Count == IndexedFrom)
            _positions = _entries.Select((known, position) => (known.Key.Text, position))
                .ToDictionary(known => known.Text, known => known.position, StringComparer.Ordinal);
        else
            _positions?.Add(entry.Key.Text, _entries.Count - 1);
    }

    private int PositionOf(string key)
    {
        if (_positions is not null)
            return _positions.GetValueOrDefault(key, -1);
        for (var position = 0; position < _entries.Count; position++)
            if (_entries[position].Key.Text == key)
                return position;
        return -1;
    }
}

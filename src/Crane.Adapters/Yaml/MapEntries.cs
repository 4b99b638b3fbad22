using Crane.CraneFile.Nodes;

namespace Crane.Adapters.Yaml;

/// <summary>
/// Collects the entries of one map, and resolves its merge key (https://yaml.org/type/merge.html): a key of the map itself
/// wins wherever <c>&lt;&lt;</c> stands, and of several merged maps the first wins.
/// </summary>
internal sealed class MapEntries
{
    private const string Example = "Write one merge key with a list: '<<: [*first, *second]'.";

    // Most maps have a handful of keys, and looking through these is faster than to hash them.
    private const int IndexedFrom = 12;

    private readonly List<MapEntry> _entries = [];
    private readonly List<DuplicateKey> _duplicates = [];
    private Dictionary<string, int>? _positions;
    private ScalarNode? _mergeKey;
    private IReadOnlyList<MapNode> _merged = [];

    /// <summary>Adds an entry; of a key that stands twice, the last value counts.</summary>
    public void Add(ScalarNode key, ConfigNode value)
    {
        var entry = new MapEntry(key, value);
        if (PositionOf(key.Text) is not (>= 0 and var position))
        {
            Append(entry);
            return;
        }

        _duplicates.Add(new DuplicateKey(_entries[position].Key, key));
        _entries[position] = entry;
    }

    /// <summary>Takes the value of a merge key: a map, or a list of maps.</summary>
    /// <returns>The number of entries that are merged.</returns>
    /// <exception cref="CraneException">DuplicateKey for a second merge key; InvalidValue for another value.</exception>
    public int Merge(ScalarNode key, ConfigNode value)
    {
        if (_mergeKey is not null)
            throw new CraneException(
                CraneErrorId.DuplicateKey,
                $"{key.Location}: the merge key '<<' stands twice in one map, in line {_mergeKey.Line} and in line {key.Line}.",
                Example)
            { Location = key.Location };
        _mergeKey = key;
        _merged = value switch
        {
            MapNode map => [map],
            ListNode list when list.Items.All(item => item is MapNode) => [.. list.Items.Cast<MapNode>()],
            _ => throw new CraneException(
                CraneErrorId.InvalidValue,
                $"{value.Location}: the merge key '<<' takes a map or a list of maps, and this is {value.Kind}.",
                Example)
            { Location = value.Location },
        };
        return _merged.Sum(map => map.Entries.Count);
    }

    /// <summary>The map. What is merged comes behind its own keys; a duplicate among that is one of this map, too.</summary>
    public MapNode ToMap(SourceFile file, int line, int column)
    {
        foreach (var map in _merged)
        {
            foreach (var entry in map.Entries.Where(entry => PositionOf(entry.Key.Text) < 0))
            {
                Append(entry);
                _duplicates.AddRange(map.Duplicates.Where(duplicate => duplicate.Second.Text == entry.Key.Text));
            }
        }

        return new MapNode(file, line, column, _entries, _duplicates);
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

    private int PositionOf(string key) =>
        _positions is null ? _entries.FindIndex(entry => entry.Key.Text == key) : _positions.GetValueOrDefault(key, -1);
}

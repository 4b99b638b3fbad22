namespace Crane.CraneFile.Nodes;

/// <summary>A mapping in the order of the file, each key once.</summary>
internal sealed class MapNode : ConfigNode
{
    // Most maps have a handful of keys; only large ones, such as the containers themselves, pay for an index.
    private const int IndexedFrom = 12;

    private Dictionary<string, MapEntry>? _index;

    /// <summary>A map of distinct keys.</summary>
    public MapNode(
        SourceFile file, int line, int column, IReadOnlyList<MapEntry> entries, IReadOnlyList<DuplicateKey>? duplicates = null)
        : base(file, line, column)
    {
        Entries = entries;
        Duplicates = duplicates ?? [];
    }

    public IReadOnlyList<MapEntry> Entries { get; }

    /// <summary>Keys that stand in the file again; whether that matters depends on what the map is for.</summary>
    public IReadOnlyList<DuplicateKey> Duplicates { get; }

    /// <inheritdoc/>
    public override string Kind => "a map";

    public bool Has(string key) => Find(key) is not null;

    /// <summary>The value of a key; null where the map has no such key.</summary>
    public ConfigNode? Find(string key) => Entry(key)?.Value;

    /// <summary>The key and its value; null where the map has no such key.</summary>
    public MapEntry? Entry(string key)
    {
        if (Entries.Count >= IndexedFrom)
        {
            _index ??= Entries.ToDictionary(entry => entry.Key.Text, StringComparer.Ordinal);
            return _index.GetValueOrDefault(key);
        }

        foreach (var entry in Entries)
            if (entry.Key.Text == key)
                return entry;
        return null;
    }

    /// <summary>A map at the same place with other entries.</summary>
    public MapNode With(IReadOnlyList<MapEntry> entries) => new(File, Line, Column, entries);
}

/// <summary>A key of a map and its value.</summary>
internal sealed record MapEntry(ScalarNode Key, ConfigNode Value);

/// <summary>A key that stands twice in one map.</summary>
internal sealed record DuplicateKey(ScalarNode First, ScalarNode Second);

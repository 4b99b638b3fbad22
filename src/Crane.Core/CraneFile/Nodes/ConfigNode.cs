namespace Crane.CraneFile.Nodes;

/// <summary>
/// A value of a crane file with the place where it stands. Aliases share one node, so a tree is really an acyclic
/// graph, and merged trees hold nodes of several files: each node knows its own.
/// </summary>
internal abstract class ConfigNode(SourceFile file, int line, int column)
{
    public SourceFile File { get; } = file;

    public int Line { get; } = line;

    public int Column { get; } = column;

    public SourceLocation Location => File.Locate(Line, Column);

    /// <summary>What the value is, for messages: <c>a list</c>.</summary>
    public abstract string Kind { get; }

    /// <summary>Whether nothing was written: an empty value, <c>null</c> or <c>~</c>.</summary>
    public virtual bool IsNull => false;
}

/// <summary>
/// A text, a number, a boolean or null. Its type is judged where it is used, by its text; only what is plain, without
/// quotes, block style and tag, can be null.
/// </summary>
internal sealed class ScalarNode(SourceFile file, int line, int column, string text, bool isPlain)
    : ConfigNode(file, line, column)
{
    public string Text { get; } = text;

    public override string Kind => IsNull ? "empty" : "a text";

    /// <summary>The null of the YAML 1.2 core schema.</summary>
    public override bool IsNull => isPlain && Text is ("" or "~" or "null" or "Null" or "NULL");
}

/// <summary>A list of values.</summary>
internal sealed class ListNode(SourceFile file, int line, int column, IReadOnlyList<ConfigNode> items)
    : ConfigNode(file, line, column)
{
    public IReadOnlyList<ConfigNode> Items { get; } = items;

    public override string Kind => "a list";
}

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

/// <summary>One crane file as a tree, before anything is known about its meaning.</summary>
/// <param name="File">The file.</param>
/// <param name="Root">Its value.</param>
/// <param name="MapsWithDuplicates">Every map of the file that has a key twice.</param>
internal sealed record ConfigDocument(SourceFile File, ConfigNode Root, IReadOnlyList<MapNode> MapsWithDuplicates);

namespace Crane.CraneFile.Nodes;

/// <summary>A value of a crane file with its location. Aliases share one node, and merged trees have nodes of several files.</summary>
internal abstract class ConfigNode(SourceFile file, int line, int column)
{
    public SourceFile File { get; } = file;

    public int Line { get; } = line;

    public int Column { get; } = column;

    public SourceLocation Location => File.Locate(Line, Column);

    /// <summary>The kind of value for messages: <c>a list</c>.</summary>
    public abstract string Kind { get; }

    /// <summary>A string that is not in the file, at the location of this node.</summary>
    public ScalarNode Scalar(string text) => new(File, Line, Column, text, isPlain: true);

    /// <summary>What removes the value of an earlier file, at the location of this node.</summary>
    public ScalarNode Reset() => new(File, Line, Column, "", isPlain: true) { IsReset = true };

    /// <summary>Whether it is an empty value, <c>null</c> or <c>~</c>.</summary>
    public virtual bool IsNull => false;

    // Nodes are compared by reference. Their place is a cheaper hash than that of the reference, which the runtime has to store.
    public sealed override int GetHashCode() => HashCode.Combine(Line, Column);
}

/// <summary>A string, a number, a boolean or null, depending on its use. Only an unquoted scalar without a tag can be null.</summary>
internal sealed class ScalarNode(SourceFile file, int line, int column, string text, bool isPlain)
    : ConfigNode(file, line, column)
{
    public string Text { get; } = text;

    /// <summary>Whether it has neither quotes nor a tag.</summary>
    public bool IsPlain { get; } = isPlain;

    /// <summary>Whether it removes the value of an earlier file.</summary>
    public bool IsReset { get; init; }

    public override string Kind => IsNull ? "null" : "a string";

    /// <summary>The null of the YAML 1.2 core schema.</summary>
    public override bool IsNull => IsPlain && Text is ("" or "~" or "null" or "Null" or "NULL");
}

internal sealed class ListNode(SourceFile file, int line, int column, IReadOnlyList<ConfigNode> items)
    : ConfigNode(file, line, column)
{
    public IReadOnlyList<ConfigNode> Items { get; } = items;

    public override string Kind => "a list";
}

/// <summary>A mapping in the order of the file, each key once.</summary>
internal sealed class MapNode : ConfigNode
{
    // Only large maps, such as that of the containers, need an index.
    private const int IndexedFrom = 12;

    private Dictionary<string, MapEntry>? _index;

    public MapNode(
        SourceFile file, int line, int column, IReadOnlyList<MapEntry> entries, IReadOnlyList<DuplicateKey>? duplicates = null)
        : base(file, line, column)
    {
        Entries = entries;
        Duplicates = duplicates ?? [];
    }

    public IReadOnlyList<MapEntry> Entries { get; }

    /// <summary>Whether it replaces a map of an earlier file instead of being merged into it.</summary>
    public bool IsWhole { get; init; }

    /// <summary>The duplicate keys; whether they are an error depends on the map's purpose.</summary>
    public IReadOnlyList<DuplicateKey> Duplicates { get; }

    public override string Kind => "a map";

    public bool Has(string key) => Find(key) is not null;

    /// <summary>The value of a key; null if there is no such key.</summary>
    public ConfigNode? Find(string key) => Entry(key)?.Value;

    /// <summary>The key and its value; null if there is no such key.</summary>
    public MapEntry? Entry(string key)
    {
        if (Entries.Count >= IndexedFrom)
        {
            _index ??= Entries.ToDictionary(entry => entry.Key.Text, StringComparer.Ordinal);
            return _index.GetValueOrDefault(key);
        }

        // By index: an enumerator of an interface is an object, and lookups are the most frequent thing of all.
        for (var position = 0; position < Entries.Count; position++)
            if (Entries[position].Key.Text == key)
                return Entries[position];
        return null;
    }

    /// <summary>The same map with other entries.</summary>
    public MapNode With(IReadOnlyList<MapEntry> entries) => new(File, Line, Column, entries) { IsWhole = IsWhole };

    /// <summary>The same map with another value of a key, at its place or at the end.</summary>
    public MapNode Put(string key, ConfigNode value) => Entry(key) is { } old
        ? With([.. Entries.Select(entry => entry == old ? entry with { Value = value } : entry)])
        : With([.. Entries, new MapEntry(Scalar(key), value)]);
}

/// <summary>A key of a map and its value.</summary>
internal sealed record MapEntry(ScalarNode Key, ConfigNode Value);

/// <summary>A key that is twice in one map.</summary>
internal sealed record DuplicateKey(ScalarNode First, ScalarNode Second);

/// <summary>One crane file as a tree, before it is checked.</summary>
internal sealed record ConfigDocument(SourceFile File, ConfigNode Root, IReadOnlyList<MapNode> MapsWithDuplicates);

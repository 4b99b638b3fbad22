using Crane.CraneFile.Nodes;
using Crane.CraneFile.Schema;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Crane.Adapters.Yaml;

/// <summary>
/// Builds nodes from the events of one document. Aliases share the node of their anchor, so that an expansion costs no
/// memory; what it would cost is counted all the same, and a file that grows out of proportion is refused.
/// </summary>
internal sealed class NodeBuilder(SourceFile file, YamlEvents events)
{
    // More than a file of 10,000 containers needs that all merge a common part of a hundred values.
    private const int ExpansionLimit = 2_000_000;
    private const int DepthLimit = 100;

    private readonly Dictionary<AnchorName, Sized> _anchors = [];
    private readonly HashSet<AnchorName> _openAnchors = [];
    private readonly List<MapNode> _mapsWithDuplicates = [];
    private long _expanded;
    private int _depth;

    /// <summary>Every map that has a key twice.</summary>
    public IReadOnlyList<MapNode> MapsWithDuplicates => _mapsWithDuplicates;

    /// <summary>Reads the value that the events stand at, up to the end of its document.</summary>
    /// <exception cref="CraneException">See <see cref="YamlDocument.Read(SourceFile)"/>.</exception>
    public ConfigNode ReadRoot() => Read().Node;

    private Sized Read()
    {
        if (events.Current is AnchorAlias alias)
            return Resolve(alias);
        if (events.Current is not NodeEvent start)
            throw Invalid(events.Current, "a key or a value is missing here");
        if (!start.Anchor.IsEmpty)
            _openAnchors.Add(start.Anchor);
        if (++_depth > DepthLimit)
            throw Invalid(start, $"values are nested more than {DepthLimit} levels deep");
        var value = start switch
        {
            Scalar scalar => ReadScalar(scalar),
            SequenceStart => ReadList(start),
            _ => ReadMap(start),
        };
        _depth--;
        if (!start.Anchor.IsEmpty)
        {
            _openAnchors.Remove(start.Anchor);
            _anchors[start.Anchor] = value;
        }

        return value;
    }

    private Sized Resolve(AnchorAlias alias)
    {
        if (_openAnchors.Contains(alias.Value))
            throw Invalid(alias, $"'*{alias.Value}' stands inside of what it names");
        if (!_anchors.TryGetValue(alias.Value, out var target))
            throw Invalid(alias, $"'*{alias.Value}' names no anchor; there is no '&{alias.Value}' before it");
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
                throw Invalid(keyEvent, "a key must be a text, and this one is a list or a map");
            var value = Read();
            size += 1 + value.Size;
            if (isMerge)
                Spend(entries.Merge(key, value.Node), keyEvent);
            else
                entries.Add(key, value.Node);
        }

        events.Advance();
        var map = entries.ToMap(file, Line(start), Column(start));
        if (map.Duplicates.Count > 0)
            _mapsWithDuplicates.Add(map);
        return new Sized(map, size);
    }

    private void Spend(long values, ParsingEvent where)
    {
        _expanded += values;
        if (_expanded > ExpansionLimit)
            throw Invalid(where, $"the aliases and merge keys of this file expand to more than {ExpansionLimit} values");
    }

    private CraneException Invalid(ParsingEvent where, string problem)
    {
        var location = file.Locate(Line(where), Column(where));
        return ForeignFileDetector.Template(file, location)
            ?? new CraneException(CraneErrorId.CraneFileInvalid, $"{location}: {problem}.") { Location = location };
    }

    private static int Line(ParsingEvent at) => (int)at.Start.Line;

    private static int Column(ParsingEvent at) => (int)at.Start.Column;

    /// <summary>A node, and how many there are in it with every alias written out.</summary>
    private readonly record struct Sized(ConfigNode Node, long Size);
}

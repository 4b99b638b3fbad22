namespace Crane.Graphs.Layout;

/// <summary>Puts nodes into columns, so that arrows lead to the right: registries that images come from, images, registries they go to.</summary>
internal static class GraphLayers
{
    /// <summary>The column of each node, from 0.</summary>
    public static IReadOnlyList<int> Of(ImageGraph graph)
    {
        var before = graph.Edges.ToLookup(edge => edge.To, edge => edge.From);
        var columns = new int?[graph.Nodes.Count];
        var open = new HashSet<int>();
        var first = graph.Nodes.Any(node => node.Kind == GraphNodeKind.Source) ? 1 : 0;
        var found = Enumerable.Range(0, graph.Nodes.Count).Select(Column).ToList();

        var last = found.Where((_, node) => !IsTarget(node)).Max();
        return [.. found.Select((column, node) => IsTarget(node) ? last + 1 : column)];

        bool IsTarget(int node) => graph.Nodes[node].Kind == GraphNodeKind.Target;

        int Column(int node)
        {
            if (columns[node] is { } known)
                return known;
            // Images that are built on each other in a circle: the arrow that closes it leads back.
            if (!open.Add(node))
                return -1;
            var column = graph.Nodes[node].Kind == GraphNodeKind.Source
                ? 0
                : before[node].Select(Column).DefaultIfEmpty(-1).Max() + 1;
            open.Remove(node);
            columns[node] = graph.Nodes[node].Kind == GraphNodeKind.Source ? column : Math.Max(column, first);
            return columns[node]!.Value;
        }
    }
}

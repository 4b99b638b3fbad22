namespace Crane.Graphs;

/// <summary>Nodes that are drawn together: most alone, and alike images that nothing is built on as one block.</summary>
/// <param name="Members">The nodes of each block.</param>
/// <param name="BlockOf">The block of each node.</param>
internal sealed record GraphBlocks(IReadOnlyList<IReadOnlyList<int>> Members, IReadOnlyList<int> BlockOf)
{
    /// <summary>Each node alone.</summary>
    public static GraphBlocks Single(ImageGraph graph) => Of(graph, index => $"{index}");

    /// <summary>Images that are built on the same.</summary>
    public static GraphBlocks SameBases(ImageGraph graph) =>
        Alike(graph, edge => edge.Kind is GraphEdgeKind.From or GraphEdgeKind.Use, _ => "");

    /// <summary>Images that are built on the same, have the same registries, and are in the same state.</summary>
    public static GraphBlocks SameInAll(ImageGraph graph) => Alike(graph, _ => true, node => $"{node.State}");

    private static GraphBlocks Alike(ImageGraph graph, Func<GraphEdge, bool> counts, Func<GraphNode, string> state)
    {
        var isUsed = graph.Edges.Where(edge => edge.Kind is GraphEdgeKind.From or GraphEdgeKind.Use).Select(edge => edge.From).ToHashSet();
        var arrows = graph.Edges.Where(counts).SelectMany(edge => new[]
        {
            (Node: edge.From, Arrow: $"{edge.Kind} to {edge.To}"), (Node: edge.To, Arrow: $"{edge.Kind} from {edge.From}"),
        }).ToLookup(arrow => arrow.Node, arrow => arrow.Arrow);
        return Of(graph, index => graph.Nodes[index].Kind == GraphNodeKind.Image && !isUsed.Contains(index)
            ? string.Join(", ", arrows[index].Order(StringComparer.Ordinal).Prepend(state(graph.Nodes[index])))
            : $"{index}");
    }

    private static GraphBlocks Of(ImageGraph graph, Func<int, string> likeness)
    {
        var members = Enumerable.Range(0, graph.Nodes.Count).GroupBy(likeness, StringComparer.Ordinal)
            .Select(block => (IReadOnlyList<int>)[.. block.OrderBy(index => graph.Nodes[index].Name, StringComparer.Ordinal)]).ToList();
        var blockOf = new int[graph.Nodes.Count];
        for (var block = 0; block < members.Count; block++)
            foreach (var node in members[block])
                blockOf[node] = block;
        return new GraphBlocks(members, blockOf);
    }
}

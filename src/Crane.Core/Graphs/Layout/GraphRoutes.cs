namespace Crane.Graphs.Layout;

/// <summary>
/// The arrows of a graph as lines between neighboring columns. An arrow over more columns passes through a stop in each of them. All
/// arrows from an image, and all to a registry, share their stops: they are one line that branches where it has to.
/// </summary>
/// <param name="Columns">The places of each column: blocks, by their indexes, then stops.</param>
/// <param name="Lines">The lines.</param>
internal sealed record GraphRoutes(IReadOnlyList<IReadOnlyList<int>> Columns, IReadOnlyList<RouteLine> Lines)
{
    /// <param name="columnOf">The column of each block.</param>
    public static GraphRoutes Of(ImageGraph graph, GraphBlocks blocks, IReadOnlyList<int> columnOf)
    {
        var columns = Enumerable.Range(0, columnOf.Max() + 1).Select(_ => new List<int>()).ToList();
        for (var block = 0; block < columnOf.Count; block++)
            columns[columnOf[block]].Add(block);

        var next = columnOf.Count;
        var stops = new Dictionary<(int Owner, GraphEdgeKind Kind, int Column), int>();
        var lines = new Dictionary<(int, int, GraphEdgeKind), RouteLine>();
        foreach (var edge in graph.Edges)
        {
            var (from, to) = (blocks.BlockOf[edge.From], blocks.BlockOf[edge.To]);
            var owner = edge.Kind == GraphEdgeKind.Push ? to : from;
            var place = from;
            for (var column = columnOf[from] + 1; column < columnOf[to]; column++)
            {
                var stop = Stop((owner, edge.Kind, column));
                Add(place, stop, edge);
                place = stop;
            }

            Add(place, to, edge);
        }

        return new GraphRoutes(columns, [.. lines.Values]);

        int Stop((int Owner, GraphEdgeKind Kind, int Column) key)
        {
            if (stops.TryGetValue(key, out var stop))
                return stop;
            columns[key.Column].Add(next);
            stops.Add(key, next);
            return next++;
        }

        void Add(int from, int to, GraphEdge edge)
        {
            if (!lines.TryGetValue((from, to, edge.Kind), out var line))
                lines.Add((from, to, edge.Kind), line = new RouteLine(from, to, edge.Kind, []));
            line.Nodes.UnionWith([edge.From, edge.To]);
        }
    }
}

/// <summary>A line between two places.</summary>
/// <param name="Nodes">The nodes of all arrows that it is a part of.</param>
internal sealed record RouteLine(int From, int To, GraphEdgeKind Kind, SortedSet<int> Nodes);

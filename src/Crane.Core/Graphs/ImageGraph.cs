namespace Crane.Graphs;

/// <summary>The images of a stack, what they are built on, and the registries that they come from and go to.</summary>
internal sealed record ImageGraph(IReadOnlyList<GraphNode> Nodes, IReadOnlyList<GraphEdge> Edges)
{
    /// <summary>The graph of images; those with the same name, as in several engines, are one node in the worst of their states.</summary>
    public static ImageGraph Of(IReadOnlyList<GraphImage> images)
    {
        var graph = new Builder();
        var stack = images.GroupBy(image => GraphImage.KeyOf(image.Image), StringComparer.Ordinal).Select(same => same.ToList()).ToList();
        foreach (var same in stack)
            graph.Add((GraphNodeKind.Image, GraphImage.KeyOf(same[0].Image)), NodeOf(same));
        foreach (var same in stack)
        {
            var node = graph.IndexOf((GraphNodeKind.Image, GraphImage.KeyOf(same[0].Image)));
            foreach (var name in same.Select(image => image.Official).OfType<string>())
                graph.Connect(graph.Registry(GraphNodeKind.Source, name), node, GraphEdgeKind.Pull);
            foreach (var parent in same.Select(image => image.Parent).OfType<string>())
                graph.Connect(graph.Image(parent), node, GraphEdgeKind.From);
            foreach (var used in same.SelectMany(image => image.Uses))
                graph.Connect(graph.Image(used), node, GraphEdgeKind.Use);
            foreach (var name in same.SelectMany(image => image.Personal))
                graph.Connect(node, graph.Registry(GraphNodeKind.Target, name), GraphEdgeKind.Push);
        }

        return graph.Build();
    }

    private static GraphNode NodeOf(List<GraphImage> same)
    {
        var worst = same.MaxBy(image => image.State ?? SyncState.Skipped)!;
        var containers = string.Join(", ", same.Select(image => image.Container).Distinct(StringComparer.Ordinal));
        return new GraphNode(GraphNodeKind.Image, worst.Image)
        {
            Detail = worst.Summary.Length > 0 ? worst.Summary : containers,
            State = worst.State,
            Notes =
            [
                $"container {containers}",
                .. same.Select(image => image.Official).OfType<string>().Distinct().Select(name => $"pulled from {name}"),
                .. same.SelectMany(image => image.Personal).Distinct().Select(name => $"pushed to {name}"),
                .. same.Select(image => image.Summary).Where(summary => summary.Length > 0).Distinct(),
            ],
        };
    }

    private sealed class Builder
    {
        private readonly Dictionary<(GraphNodeKind Kind, string Name), int> _indexes = [];
        private readonly List<GraphNode> _nodes = [];

        // A base is drawn once, although it is one of the images that the Dockerfile uses, too.
        private readonly Dictionary<(int From, int To), GraphEdge> _edges = [];

        public void Add((GraphNodeKind Kind, string Name) key, GraphNode node)
        {
            _indexes.Add(key, _nodes.Count);
            _nodes.Add(node);
        }

        public int IndexOf((GraphNodeKind Kind, string Name) key) => _indexes[key];

        public int Image(string name)
        {
            var key = GraphImage.KeyOf(name);
            return _indexes.TryGetValue((GraphNodeKind.Image, key), out var index) ? index : Find(
                GraphNodeKind.External, key, new GraphNode(GraphNodeKind.External, name) { Detail = "not of this stack" });
        }

        public int Registry(GraphNodeKind kind, string reference)
        {
            var registry = ImageName.TryParse(reference, out var image) ? image.Registry : reference;
            return Find(kind, registry, new GraphNode(kind, registry)
            {
                Detail = kind == GraphNodeKind.Source ? "images come from here" : "images go here",
            });
        }

        public void Connect(int from, int to, GraphEdgeKind kind) => _edges.TryAdd((from, to), new GraphEdge(from, to, kind));

        public ImageGraph Build() => new(_nodes, [.. _edges.Values]);

        private int Find(GraphNodeKind kind, string key, GraphNode node)
        {
            if (!_indexes.ContainsKey((kind, key)))
                Add((kind, key), node);
            return _indexes[(kind, key)];
        }
    }
}

/// <summary>An image or a registry.</summary>
/// <param name="Name">Its name as it is shown.</param>
internal sealed record GraphNode(GraphNodeKind Kind, string Name)
{
    /// <summary>A few more words; empty for none.</summary>
    public string Detail { get; init; } = "";

    /// <summary>Where an image stands; null if that is not known.</summary>
    public SyncState? State { get; init; }

    /// <summary>All that is known of it, line by line.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>The name and all that is known, for a tooltip.</summary>
    public string Tooltip => string.Join('\n', [Name, .. Notes.Count > 0 ? Notes : [Detail]]);
}

/// <summary>What a node is.</summary>
internal enum GraphNodeKind
{
    /// <summary>An image of the stack.</summary>
    Image,

    /// <summary>An image that only Dockerfiles name.</summary>
    External,

    /// <summary>Several images that are drawn as one.</summary>
    Group,

    /// <summary>A registry that images are pulled from.</summary>
    Source,

    /// <summary>A registry that images are pushed to.</summary>
    Target,
}

/// <summary>An arrow, by the indexes of its nodes.</summary>
internal sealed record GraphEdge(int From, int To, GraphEdgeKind Kind);

/// <summary>What an arrow says.</summary>
internal enum GraphEdgeKind
{
    /// <summary>The image begins with the layers of the other: the FROM of its target stage.</summary>
    From,

    /// <summary>The Dockerfile uses the other image in another way, such as COPY --from.</summary>
    Use,

    /// <summary>The image is pulled from the registry.</summary>
    Pull,

    /// <summary>The image is pushed to the registry.</summary>
    Push,
}

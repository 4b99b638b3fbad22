namespace Crane.Graphs.Layout;

/// <summary>A graph with a place for everything: boxes in columns, and lines between them. Units are pixels at full size.</summary>
/// <param name="Boxes">The boxes, in the order of the nodes.</param>
/// <param name="Panels">What is behind the boxes of images that are built on the same.</param>
internal sealed record GraphPicture(
    double Width, double Height, IReadOnlyList<PictureBox> Boxes, IReadOnlyList<PicturePanel> Panels, IReadOnlyList<PictureLine> Lines)
{
    /// <summary>The size of the first line of a box, and of the second.</summary>
    public const double NameSize = 13, DetailSize = 11;

    // A picture that is higher than this, and than it is wide, has panels.
    private const double HighEnough = 1000;

    // The most boxes in a row of a panel, from narrow panels to wide ones.
    private static readonly int[] PanelWidths = [2, 3, 4, 6, 8, 12, 16, 24];

    private const double Margin = 24, Gap = 12, StopHeight = 10;

    private bool IsTooHigh => Height > Math.Max(Width, HighEnough);

    /// <summary>Draws each image alone if that is not too high, and otherwise those that are built on the same in panels.</summary>
    public static GraphPicture Of(ImageGraph graph)
    {
        var single = Draw(graph, GraphBlocks.Single(graph), [1]);
        return single.IsTooHigh ? Draw(graph, GraphBlocks.SameBases(graph), PanelWidths) : single;
    }

    /// <summary>Draws a graph with the first of some widths of panels that is not too high.</summary>
    private static GraphPicture Draw(ImageGraph graph, GraphBlocks blocks, IEnumerable<int> panelWidths)
    {
        var columnOf = GraphLayers.Of(graph);
        var routes = GraphRoutes.Of(graph, blocks, [.. blocks.Members.Select(members => columnOf[members[0]])]);
        var columns = ColumnOrder.Of(routes);
        GraphPicture? picture = null;
        foreach (var across in panelWidths)
        {
            picture = Draw(graph, blocks, routes, columns, across);
            if (!picture.IsTooHigh)
                break;
        }

        return picture!;
    }

    private static GraphPicture Draw(
        ImageGraph graph, GraphBlocks blocks, GraphRoutes routes, IReadOnlyList<IReadOnlyList<int>> columns, int across)
    {
        var shapes = blocks.Members.Select(members => BlockShape.Of([.. members.Select(node => graph.Nodes[node])], across)).ToList();
        var middles = ColumnPlacement.Of(columns, routes.Lines, HeightOf);

        var widths = columns.Select(column => column.Where(IsBlock).Select(block => shapes[block].Width).DefaultIfEmpty(0).Max()).ToList();
        var height = columns.Max(column => column.Max(place => middles[place] + (HeightOf(place) / 2))) - Gap;
        // Lines over a long way up or down need room to be told apart.
        var between = Math.Clamp(height / 12, 64, 160);
        var lefts = new List<double> { Margin };
        for (var column = 0; column < columns.Count; column++)
            lefts.Add(lefts[column] + widths[column] + between);

        // Single boxes of a column have the same width.
        var boxWidths = columns.Select(column => column.Where(place => IsBlock(place) && !shapes[place].IsPanel)
            .Select(block => shapes[block].Width).DefaultIfEmpty(0).Max()).ToList();
        var places = columns.SelectMany((column, index) => column.Select(place => (place, new Place(
            lefts[index],
            !IsBlock(place) ? 0 : shapes[place].IsPanel ? shapes[place].Width : boxWidths[index],
            lefts[index] + widths[index],
            middles[place] - (Gap / 2) + Margin,
            IsBlock(place))))).ToDictionary();
        var boxes = new PictureBox[graph.Nodes.Count];
        for (var block = 0; block < shapes.Count; block++)
        {
            var place = places[block];
            var drawn = shapes[block].At(place.Left, place.Middle - (shapes[block].Height / 2), place.Width);
            foreach (var (node, box) in blocks.Members[block].Zip(drawn))
                boxes[node] = box;
        }

        return new GraphPicture(
            lefts[^1] - between + Margin,
            height + (2 * Margin),
            boxes,
            [.. Enumerable.Range(0, shapes.Count).Where(block => shapes[block].IsPanel).Select(block => new PicturePanel(
                places[block].Left, places[block].Middle - (shapes[block].Height / 2), shapes[block].Width, shapes[block].Height))],
            [.. routes.Lines.OrderBy(line => line.Kind).Select(line => Connect(line, places[line.From], places[line.To]))]);

        bool IsBlock(int place) => place < shapes.Count;
        double HeightOf(int place) => IsBlock(place) ? shapes[place].Height + Gap : StopHeight;
    }

    private static PictureLine Connect(RouteLine line, Place from, Place to) => new(
        line.Kind,
        from.Left + from.Width, from.ColumnEnd - from.Left - from.Width, from.Middle, to.Left, to.Middle, to.IsBlock, line.Nodes);

    private sealed record Place(double Left, double Width, double ColumnEnd, double Middle, bool IsBlock);
}

/// <summary>A box with one or two lines of text.</summary>
/// <param name="Detail">The second line; empty for none.</param>
internal sealed record PictureBox(double Left, double Top, double Width, double Height, string Name, string Detail);

/// <summary>The background of several boxes.</summary>
internal sealed record PicturePanel(double Left, double Top, double Width, double Height);

/// <summary>A line to the right: straight for a while, and then curved to its end.</summary>
/// <param name="Straight">How far it is straight, to the end of a column.</param>
/// <param name="HasArrow">Whether it ends at a box or a panel.</param>
/// <param name="Nodes">The nodes of all arrows that it is a part of.</param>
internal sealed record PictureLine(
    GraphEdgeKind Kind, double Left, double Straight, double Start, double Right, double End, bool HasArrow,
    IReadOnlyCollection<int> Nodes);

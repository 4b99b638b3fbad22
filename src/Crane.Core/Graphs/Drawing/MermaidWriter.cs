using System.Globalization;
using System.Text;

namespace Crane.Graphs.Drawing;

/// <summary>Writes a graph as a Mermaid flowchart.</summary>
internal static class MermaidWriter
{
    // What Mermaid draws by default, as in a README on GitHub; beyond that it shows an error.
    private const int EdgeLimit = 500, TextLimit = 50_000;

    private const int NamesInGroup = 12;

    /// <summary>
    /// The flowchart. One that is too large for Mermaid has groups instead of single images, and if that does not help, no registries.
    /// </summary>
    /// <returns>The text, and whether Mermaid draws it without settings.</returns>
    public static (string Text, bool Fits) Write(ImageGraph graph)
    {
        var text = "";
        foreach (var smaller in Smaller(graph))
        {
            text = Draw(smaller);
            if (smaller.Edges.Count < EdgeLimit && text.Length < TextLimit)
                return (text, true);
        }

        return (text, false);
    }

    private static IEnumerable<ImageGraph> Smaller(ImageGraph graph)
    {
        yield return graph;
        yield return Grouped(graph);
        yield return Grouped(WithoutRegistries(graph));
    }

    private static ImageGraph Grouped(ImageGraph graph)
    {
        var blocks = GraphBlocks.SameInAll(graph);
        return new ImageGraph(
            [.. blocks.Members.Select(block => block.Select(index => graph.Nodes[index]).ToList())
                .Select(nodes => nodes is [var only] ? only : Join(nodes))],
            [.. graph.Edges.Select(edge => edge with { From = blocks.BlockOf[edge.From], To = blocks.BlockOf[edge.To] }).Distinct()]);
    }

    private static GraphNode Join(List<GraphNode> nodes)
    {
        var more = nodes.Count > NamesInGroup ? $", and {nodes.Count - NamesInGroup} more" : "";
        return new GraphNode(GraphNodeKind.Group, $"{nodes.Count} images")
        {
            Detail = $"{string.Join(", ", nodes.Take(NamesInGroup).Select(node => node.Name))}{more}",
            State = nodes[0].State,
        };
    }

    private static ImageGraph WithoutRegistries(ImageGraph graph)
    {
        var kept = Enumerable.Range(0, graph.Nodes.Count)
            .Where(index => graph.Nodes[index].Kind is not (GraphNodeKind.Source or GraphNodeKind.Target)).ToList();
        var moved = kept.Select((from, to) => (from, to)).ToDictionary();
        return new ImageGraph(
            [.. kept.Select(index => graph.Nodes[index])],
            [.. graph.Edges.Where(edge => moved.ContainsKey(edge.From) && moved.ContainsKey(edge.To))
                .Select(edge => edge with { From = moved[edge.From], To = moved[edge.To] })]);
    }

    private static string Draw(ImageGraph graph)
    {
        var text = new StringBuilder("flowchart LR\n");
        for (var index = 0; index < graph.Nodes.Count; index++)
            text.Append(CultureInfo.InvariantCulture, $"  n{index}{Shape(graph.Nodes[index])}\n");
        foreach (var edge in graph.Edges)
            text.Append(CultureInfo.InvariantCulture, $"  n{edge.From} {Arrow(edge.Kind)} n{edge.To}\n");
        foreach (var look in StateLook.All)
        {
            var shown = Enumerable.Range(0, graph.Nodes.Count).Where(index => StateLook.Of(graph.Nodes[index].State) == look).ToList();
            if (shown.Count == 0)
                continue;
            var colors = look.Light;
            text.Append(
                CultureInfo.InvariantCulture,
                $"  classDef {look.Name} fill:{colors.Fill},stroke:{colors.Stroke},color:{colors.Text}\n");
            text.Append(CultureInfo.InvariantCulture, $"  class {string.Join(',', shown.Select(index => $"n{index}"))} {look.Name}\n");
        }

        return text.ToString().TrimEnd('\n');
    }

    private static string Shape(GraphNode node)
    {
        var label = Escape(GraphText.Line(node.Name, 80));
        if (node.Detail.Length > 0 && node.Kind is GraphNodeKind.Image or GraphNodeKind.Group)
            label += $"<br/>{Escape(GraphText.Line(node.Detail, node.Kind == GraphNodeKind.Group ? 400 : 80))}";
        return node.Kind switch
        {
            GraphNodeKind.Source or GraphNodeKind.Target => $"[(\"{label}\")]",
            GraphNodeKind.External => $"([\"{label}\"])",
            GraphNodeKind.Group => $"[[\"{label}\"]]",
            _ => $"[\"{label}\"]",
        };
    }

    private static string Arrow(GraphEdgeKind kind) => kind switch
    {
        GraphEdgeKind.From => "-->",
        GraphEdgeKind.Use => "-. uses .->",
        GraphEdgeKind.Pull => "-. pull .->",
        _ => "-. push .->",
    };

    // Mermaid reads HTML, Markdown and entities in labels; these letters mean nothing there.
    private static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.IsLetterOrDigit(rune) || rune.Value is ' ' or '.' or '/' or ':' or '-' or '@' or ',' or '…')
                escaped.Append(rune);
            else
                escaped.Append(CultureInfo.InvariantCulture, $"#{rune.Value};");
        }

        return escaped.ToString();
    }
}

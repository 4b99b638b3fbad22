using System.Globalization;
using System.Text;
using Crane.Errors;

namespace Crane.Graphs.Drawing;

/// <summary>Writes a graph in the DOT language, for Graphviz.</summary>
internal static class DotWriter
{
    public static string Write(ImageGraph graph)
    {
        var text = new StringBuilder();
        text.Append("""
            digraph crane {
              graph [rankdir=LR, nodesep=0.15, ranksep=0.9, fontname="Helvetica,Arial,sans-serif"]
              node [shape=box, style="rounded,filled", fillcolor="#ffffff", color="#57606a", fontname="Helvetica,Arial,sans-serif", fontsize=11]
              edge [color="#57606a", arrowsize=0.7, fontname="Helvetica,Arial,sans-serif", fontsize=9]

            """);
        for (var index = 0; index < graph.Nodes.Count; index++)
            text.Append(CultureInfo.InvariantCulture, $"  n{index} [{Attributes(graph.Nodes[index])}]\n");
        foreach (var edge in graph.Edges)
            text.Append(CultureInfo.InvariantCulture, $"  n{edge.From} -> n{edge.To}{Style(edge.Kind)}\n");
        return text.Append('}').ToString();
    }

    private static string Attributes(GraphNode node)
    {
        var label = node.Detail.Length > 0 && node.Kind == GraphNodeKind.Image ? $"{node.Name}\n{node.Detail}" : node.Name;
        var attributes = $"label={Quote(label)}, tooltip={Quote(node.Tooltip)}";
        var look = StateLook.Of(node.State)?.Light;
        return node.Kind switch
        {
            GraphNodeKind.Source or GraphNodeKind.Target => $"{attributes}, shape=cylinder, style=filled",
            GraphNodeKind.External => $"{attributes}, style=\"rounded,dashed\"",
            _ when look is not null =>
                $"{attributes}, fillcolor=\"{look.Fill}\", color=\"{look.Stroke}\", fontcolor=\"{look.Text}\"",
            _ => attributes,
        };
    }

    private static string Style(GraphEdgeKind kind) => kind switch
    {
        GraphEdgeKind.From => "",
        GraphEdgeKind.Use => " [style=dashed]",
        GraphEdgeKind.Pull => " [style=dotted, tooltip=pull]",
        _ => " [style=dotted, tooltip=push]",
    };

    // In labels a backslash begins an escape, and Graphviz reads HTML's entities.
    private static string Quote(string text)
    {
        var lines = VisibleText.Lines(text).Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)
            .Replace("&", "&amp;", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
        return $"\"{lines}\"";
    }
}

using System.Globalization;
using System.Text;
using System.Xml.Linq;
using Crane.Errors;
using Crane.Graphs.Layout;

namespace Crane.Graphs.Drawing;

/// <summary>Writes a graph as a picture for a light and a dark background, by the reader's setting.</summary>
internal static class SvgWriter
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    public static string Write(ImageGraph graph, string title) => Element(graph, title).ToString();

    /// <summary>The picture as an element; boxes have the ids n0, n1 and so on, and lines the indexes of their boxes in data-n.</summary>
    internal static XElement Element(ImageGraph graph, string title)
    {
        var picture = GraphPicture.Of(graph);
        return new XElement(
            Svg + "svg",
            new XAttribute("viewBox", $"0 0 {Number(picture.Width)} {Number(picture.Height)}"),
            new XAttribute("width", Number(picture.Width)), new XAttribute("height", Number(picture.Height)),
            new XAttribute("role", "img"), new XAttribute("aria-labelledby", "crane-title crane-description"),
            new XElement(Svg + "title", new XAttribute("id", "crane-title"), VisibleText.Lines(title)),
            new XElement(Svg + "desc", new XAttribute("id", "crane-description"), Description(graph)),
            new XElement(Svg + "style", Style()),
            new XElement(Svg + "defs", Arrowhead("strong"), Arrowhead("faint")),
            new XElement(Svg + "rect", new XAttribute("class", "paper"), new XAttribute("width", "100%"), new XAttribute("height", "100%")),
            picture.Panels.Select(Panel),
            new XElement(Svg + "g", new XAttribute("class", "lines"), picture.Lines.Select(Line)),
            new XElement(
                Svg + "g", new XAttribute("class", "boxes"), picture.Boxes.Select((box, index) => Box(box, graph.Nodes[index], index))));
    }

    /// <summary>The number of images and registries, and how many images are in which state.</summary>
    internal static string Description(ImageGraph graph)
    {
        var images = graph.Nodes.Where(node => node.Kind == GraphNodeKind.Image).ToList();
        var registries = graph.Nodes.Where(node => node.Kind is GraphNodeKind.Source or GraphNodeKind.Target)
            .DistinctBy(node => node.Name).Count();
        var states = StateLook.All.Select(look => (look.Name, Count: images.Count(node => StateLook.Of(node.State) == look)))
            .Where(state => state.Count > 0).Select(state => $", {state.Count} {state.Name}");
        return $"{Count(images.Count, "image", "images")}, {Count(registries, "registry", "registries")}{string.Concat(states)}";

        static string Count(int count, string one, string many) => $"{count} {(count == 1 ? one : many)}";
    }

    private static XElement Box(PictureBox box, GraphNode node, int index)
    {
        var middle = box.Left + (box.Width / 2);
        var hasDetail = box.Detail.Length > 0;
        return new XElement(
            Svg + "g",
            new XAttribute("id", $"n{index}"),
            new XAttribute("class", $"box {ClassOf(node)}"),
            new XElement(Svg + "title", VisibleText.Lines(node.Tooltip)),
            new XElement(
                Svg + "rect",
                new XAttribute("x", Number(box.Left)), new XAttribute("y", Number(box.Top)),
                new XAttribute("width", Number(box.Width)), new XAttribute("height", Number(box.Height)),
                new XAttribute("rx", node.Kind is GraphNodeKind.Source or GraphNodeKind.Target ? Number(box.Height / 2) : "5")),
            Text("name", box.Top + (hasDetail ? 19 : 19.5), box.Name),
            hasDetail ? Text("detail", box.Top + 35, box.Detail) : null);

        XElement Text(string kind, double y, string text) => new(
            Svg + "text",
            new XAttribute("class", kind), new XAttribute("x", Number(middle)), new XAttribute("y", Number(y)), text);
    }

    private static XElement Panel(PicturePanel panel) => new(
        Svg + "rect",
        new XAttribute("class", "panel"),
        new XAttribute("x", Number(panel.Left)), new XAttribute("y", Number(panel.Top)),
        new XAttribute("width", Number(panel.Width)), new XAttribute("height", Number(panel.Height)), new XAttribute("rx", "9"));

    private static XElement Line(PictureLine line)
    {
        var bend = Math.Max(24, Math.Abs(line.Right - line.Left - line.Straight) / 2);
        var start = line.Left + line.Straight;
        // An arrowhead begins where its line ends.
        var end = line.HasArrow ? line.Right - 5 : line.Right;
        var path = new StringBuilder($"M{Number(line.Left)} {Number(line.Start)}");
        if (line.Straight > 0)
            path.Append(CultureInfo.InvariantCulture, $"H{Number(start)}");
        path.Append(
            CultureInfo.InvariantCulture,
            $"C{Number(start + bend)} {Number(line.Start)} {Number(end - bend)} {Number(line.End)} {Number(end)} {Number(line.End)}");
        return new XElement(
            Svg + "path",
            new XAttribute("class", line.Kind switch
            {
                GraphEdgeKind.From => "from",
                GraphEdgeKind.Use => "use",
                GraphEdgeKind.Pull => "pull",
                _ => "push",
            }),
            new XAttribute("d", path.ToString()),
            line.HasArrow ? new XAttribute("marker-end", line.Kind == GraphEdgeKind.From ? "url(#strong)" : "url(#faint)") : null,
            new XAttribute("data-n", string.Join(' ', line.Nodes)));
    }

    private static XElement Arrowhead(string name) => new(
        Svg + "marker",
        new XAttribute("id", name), new XAttribute("viewBox", "0 0 8 8"), new XAttribute("refX", "3"), new XAttribute("refY", "4"),
        new XAttribute("markerWidth", "8"), new XAttribute("markerHeight", "8"), new XAttribute("orient", "auto"),
        new XAttribute("markerUnits", "userSpaceOnUse"),
        new XElement(Svg + "path", new XAttribute("d", "M0 0L8 4L0 8z"), new XAttribute("class", name)));

    private static string ClassOf(GraphNode node) => node.Kind switch
    {
        GraphNodeKind.Source or GraphNodeKind.Target => "registry",
        GraphNodeKind.External => "external",
        _ => StateLook.Of(node.State)?.Name ?? "plain",
    };

    private static string Style()
    {
        var style = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $$"""

            .box text { text-anchor: middle }
            .box text { font-family: ui-monospace, "Cascadia Mono", Consolas, Menlo, "DejaVu Sans Mono", monospace }
            .box .name { font-size: {{GraphPicture.NameSize}}px; font-weight: 600 }
            .box .detail { font-size: {{GraphPicture.DetailSize}}px }
            .box rect { stroke-width: 1.4 }
            .panel { stroke-width: 0.7 }
            .external rect { stroke-dasharray: 4 3 }
            .lines path { fill: none; stroke-width: 1.4 }
            .lines .use { stroke-dasharray: 6 3 }
            .lines .pull, .lines .push { stroke-dasharray: 1.5 3; stroke-width: 1.2 }

            """));
        style.Append(Colors("#ffffff", "#1f2328", "#57606a", "#8c959f", "#f6f8fa", look => look.Light));
        style.Append("@media (prefers-color-scheme: dark) {\n");
        style.Append(Colors("#0d1117", "#e6edf3", "#9198a1", "#6e7681", "#161b22", look => look.Dark));
        return style.Append("}\n").ToString();
    }

    private static string Colors(
        string paper, string text, string strong, string faint, string fill, Func<StateLook, StateColors> colors) =>
        $$"""
        .paper { fill: {{paper}} } .panel { fill: {{fill}}; stroke: {{faint}} }
        .box text { fill: {{text}} }
        .box rect { fill: {{paper}}; stroke: {{strong}} }
        .lines .from { stroke: {{strong}} } .strong { fill: {{strong}} }
        .lines .use, .lines .pull, .lines .push { stroke: {{faint}} } .faint { fill: {{faint}} }

        """ + string.Concat(StateLook.All.Select(look => (look.Name, Colors: colors(look))).Select(look =>
            $".{look.Name} rect {{ fill: {look.Colors.Fill}; stroke: {look.Colors.Stroke} }} .{look.Name} text {{ fill: {look.Colors.Text} }}\n"));

    private static string Number(double value) => Math.Round(value, 1).ToString(CultureInfo.InvariantCulture);
}

using System.Globalization;
using System.Net;
using Crane.Errors;

namespace Crane.Graphs.Drawing;

/// <summary>
/// Writes a graph as one page that needs nothing else: the picture of <see cref="SvgWriter"/>, a list, and a search. Its text is in
/// <c>GraphPage.html</c>.
/// </summary>
internal static class HtmlWriter
{
    public static string Write(ImageGraph graph, string title)
    {
        var parts = new Dictionary<string, string>
        {
            ["title"] = Escape(title),
            ["description"] = Escape(SvgWriter.Description(graph)),
            ["states"] = string.Concat(StateLook.All
                .Where(look => graph.Nodes.Any(node => StateLook.Of(node.State) == look))
                .Select(look => $"<button data-word=\"is:{look.Name}\">{look.Name}</button>")),
            ["items"] = string.Join('\n', Enumerable.Range(0, graph.Nodes.Count)
                .OrderBy(index => graph.Nodes[index].Kind is GraphNodeKind.Source or GraphNodeKind.Target)
                .ThenBy(index => graph.Nodes[index].Name, StringComparer.Ordinal)
                .Select(index => Item(graph.Nodes[index], index))),
            ["picture"] = SvgWriter.Element(graph, title).ToString(),
            ["arrows"] = $"[{string.Join(',', graph.Edges.Select(edge =>
                string.Create(CultureInfo.InvariantCulture, $"['{edge.From}','{edge.To}']")))}]",
        };

        // In one pass over the page, so that a name with two braces stays what it is.
        return string.Concat(Page().Split("{{").SelectMany((piece, index) =>
        {
            if (index == 0)
                return new[] { piece };
            var end = piece.IndexOf("}}", StringComparison.Ordinal);
            return [parts[piece[..end]], piece[(end + 2)..]];
        })).TrimEnd('\n');
    }

    private static string Item(GraphNode node, int index)
    {
        var look = StateLook.Of(node.State) is { } state ? $" is:{state.Name}" : "";
        // In lower case, as the page does it with what is searched for.
#pragma warning disable CA1308
        var text = $"{node.Tooltip} {node.Detail}{look}".ToLowerInvariant();
#pragma warning restore CA1308
        return string.Create(
            CultureInfo.InvariantCulture,
            $"<li><button data-n=\"{index}\" data-text=\"{Escape(text)}\" aria-pressed=\"false\">{Escape(node.Name)}<small>{Escape(node.Detail)}</small></button></li>");
    }

    private static string Escape(string text) => WebUtility.HtmlEncode(VisibleText.Lines(text));

    private static string Page()
    {
        using var stream = typeof(HtmlWriter).Assembly.GetManifestResourceStream("GraphPage.html")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}

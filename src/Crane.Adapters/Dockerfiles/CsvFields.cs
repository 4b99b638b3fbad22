using System.Text;
using Crane.Errors;

namespace Crane.Adapters.Dockerfiles;

/// <summary>The fields of <c>--mount</c>: one line of CSV (RFC 4180), where quotes are only around whole fields.</summary>
internal static class CsvFields
{
    /// <exception cref="DockerfileError">Nothing at all, or a quote where none can be.</exception>
    public static IReadOnlyList<string> Split(string text)
    {
        if (text.Length == 0)
            throw new DockerfileError("a mount is empty", "Write --mount=type=bind,from=IMAGE,target=PATH or the like.");
        var fields = new List<string>();
        for (var index = 0; index <= text.Length; index++)
            fields.Add(index < text.Length && text[index] == '"' ? ReadQuoted(text, ref index) : ReadPlain(text, ref index));
        return fields;
    }

    // Both end at the comma behind the field, or at the end of the text.
    private static string ReadPlain(string text, ref int index)
    {
        var start = index;
        var comma = text.IndexOf(',', index);
        index = comma < 0 ? text.Length : comma;
        var field = text[start..index];
        return field.Contains('"', StringComparison.Ordinal) ? throw Misplaced(text) : field;
    }

    private static string ReadQuoted(string text, ref int index)
    {
        var field = new StringBuilder();
        while (true)
        {
            var quote = text.IndexOf('"', index + 1);
            if (quote < 0)
                throw Misplaced(text);
            field.Append(text, index + 1, quote - index - 1);
            index = quote + 1;
            if (index == text.Length || text[index] == ',')
                return field.ToString();
            if (text[index] != '"')
                throw Misplaced(text);
            field.Append('"');
        }
    }

    private static DockerfileError Misplaced(string text) => new(
        $"the mount {VisibleText.Quote(text)} has a quote in the wrong place",
        "Quote a whole field, as in \"target=/a,b\", and double a quote inside it.");
}

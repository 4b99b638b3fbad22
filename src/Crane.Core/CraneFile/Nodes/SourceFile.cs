using Crane.Names;

namespace Crane.CraneFile.Nodes;

/// <summary>A crane file: its content, and how it was found.</summary>
/// <param name="path">Full path, as given or found; symbolic links are not resolved.</param>
/// <param name="text">The decoded content, without a byte order mark.</param>
/// <param name="foundBy">How it was found, as the end of a sentence: <c>given by -Path</c>.</param>
internal sealed class SourceFile(string path, string text, string foundBy)
{
    // A JSON file may be a single line of megabytes, of which only the part around the location is shown.
    private const int LongLine = 1_000;
    private const int Surroundings = 200;

    private readonly Lazy<IReadOnlyList<int>> _lineStarts = new(() => LineStartsOf(text));

    public string Path { get; } = path;

    public string Folder { get; } = System.IO.Path.GetDirectoryName(path) ?? path;

    public string Text { get; } = text;

    public string FoundBy { get; } = foundBy;

    public int LineCount => _lineStarts.Value.Count;

    /// <summary>A location in the file with the content of its line, in which credentials are masked.</summary>
    public SourceLocation Locate(int line, int column) => new(Path, line, column, LineText(line, column));

    private string LineText(int line, int column)
    {
        var starts = _lineStarts.Value;
        if (line < 1 || line > starts.Count)
            return "";
        var start = starts[line - 1];
        var end = line < starts.Count ? starts[line] : Text.Length;
        var text = Text.AsSpan()[start..end].TrimEnd("\r\n\x85\u2028\u2029");
        return UserInformation.MaskInLine(text.Length <= LongLine ? text.ToString() : Excerpt(text, column - 1));
    }

    private static string Excerpt(ReadOnlySpan<char> line, int index)
    {
        var start = Math.Clamp(index - Surroundings, 0, line.Length);
        var end = Math.Clamp(index + Surroundings, start, line.Length);
        // The end of a cut word could be the end of a password.
        if (start > 0 && line[start..Math.Min(index, line.Length)].IndexOfAny(" \"'") is >= 0 and var word)
            start += word;
        return $"{(start > 0 ? "…" : "")}{line[start..end]}{(end < line.Length ? "…" : "")}";
    }

    // The line breaks of YAML 1.1, by which the scanner counts lines.
    private static List<int> LineStartsOf(string text)
    {
        var starts = new List<int> { 0 };
        for (var index = 0; index < text.Length; index++)
        {
            if (text[index] is '\r' && index + 1 < text.Length && text[index + 1] is '\n')
                index++;
            if (text[index] is '\r' or '\n' or '\x85' or '\u2028' or '\u2029')
                starts.Add(index + 1);
        }

        return starts;
    }
}

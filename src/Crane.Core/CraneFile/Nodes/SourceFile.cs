using Crane.Names;

namespace Crane.CraneFile.Nodes;

/// <summary>A crane file as it was read: its text, and how it came to be read.</summary>
/// <param name="path">Full path, as it was given or found; a symbolic link is not followed.</param>
/// <param name="text">The decoded text, without a byte order mark.</param>
/// <param name="foundBy">How it was found, as the end of a sentence: <c>given by -Path</c>.</param>
internal sealed class SourceFile(string path, string text, string foundBy)
{
    // A JSON file may be one line of megabytes; of such a line the surroundings of the place are shown.
    private const int LongLine = 1_000;
    private const int Surroundings = 200;

    private readonly Lazy<IReadOnlyList<int>> _lineStarts = new(() => LineStartsOf(text));

    public string Path { get; } = path;

    /// <summary>What relative paths inside the file are relative to.</summary>
    public string Folder { get; } = System.IO.Path.GetDirectoryName(path) ?? path;

    public string Text { get; } = text;

    public string FoundBy { get; } = foundBy;

    public int LineCount => _lineStarts.Value.Count;

    /// <summary>A place in the file, with its line's text, in which credentials are masked. Made for errors only, so nothing is kept per node.</summary>
    /// <param name="line">Line, counted from 1.</param>
    /// <param name="column">Column, counted from 1.</param>
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
        // The end of a word that is cut could be the end of a password.
        if (start > 0 && line[start..Math.Min(index, line.Length)].IndexOfAny(" \"'") is >= 0 and var word)
            start += word;
        return $"{(start > 0 ? "…" : "")}{line[start..end]}{(end < line.Length ? "…" : "")}";
    }

    // The breaks of YAML 1.1: the scanner counts lines by them, whatever editors do.
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

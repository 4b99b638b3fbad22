namespace Crane;

/// <summary>A place in a crane file or a Dockerfile.</summary>
/// <param name="file">Full path of the file.</param>
/// <param name="line">Line, counted from 1.</param>
/// <param name="column">Column, counted from 1.</param>
/// <param name="lineText">The whole line, without its line break.</param>
public sealed class SourceLocation(string file, int line, int column, string lineText)
{
    /// <summary>Full path of the file.</summary>
    public string File { get; } = file;

    /// <summary>Line, counted from 1.</summary>
    public int Line { get; } = line;

    /// <summary>Column, counted from 1.</summary>
    public int Column { get; } = column;

    /// <summary>The whole line, without its line break.</summary>
    public string LineText { get; } = lineText;

    /// <summary><c>file:line:column</c>.</summary>
    public override string ToString() => $"{File}:{Line}:{Column}";
}

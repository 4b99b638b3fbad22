using Crane.Errors;

namespace Crane;

/// <summary>A location in a crane file or a Dockerfile.</summary>
public sealed record SourceLocation
{
    internal SourceLocation(string file, int line, int column, string lineText) =>
        (File, Line, Column, LineText) = (file, line, column, VisibleText.Message(lineText));

    /// <summary>Full path of the file.</summary>
    public string File { get; }

    /// <summary>Line, counted from 1.</summary>
    public int Line { get; }

    /// <summary>Column, counted from 1.</summary>
    public int Column { get; }

    /// <summary>The whole line, without its line break and with control characters escaped.</summary>
    public string LineText { get; }

    /// <summary><c>file:line:column</c>.</summary>
    public override string ToString() => $"{File}:{Line}:{Column}";
}

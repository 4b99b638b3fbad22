namespace Crane.CraneFile.Nodes;

/// <summary>
/// A value of a crane file with the place where it stands. Aliases share one node, so a tree is really an acyclic
/// graph, and merged trees hold nodes of several files: each node knows its own.
/// </summary>
internal abstract class ConfigNode(SourceFile file, int line, int column)
{
    public SourceFile File { get; } = file;

    public int Line { get; } = line;

    public int Column { get; } = column;

    public SourceLocation Location => File.Locate(Line, Column);

    /// <summary>What the value is, for messages: <c>a list</c>.</summary>
    public abstract string Kind { get; }

    /// <summary>Whether nothing was written: an empty value, <c>null</c> or <c>~</c>.</summary>
    public virtual bool IsNull => false;
}

namespace Crane.CraneFile.Nodes;

/// <summary>A list of values.</summary>
internal sealed class ListNode(SourceFile file, int line, int column, IReadOnlyList<ConfigNode> items)
    : ConfigNode(file, line, column)
{
    public IReadOnlyList<ConfigNode> Items { get; } = items;

    /// <inheritdoc/>
    public override string Kind => "a list";
}

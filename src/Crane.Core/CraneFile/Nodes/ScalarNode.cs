namespace Crane.CraneFile.Nodes;

/// <summary>
/// A text, a number, a boolean or null. Its type is judged where it is used, by its text; only what is plain, without
/// quotes, block style and tag, can be null.
/// </summary>
internal sealed class ScalarNode(SourceFile file, int line, int column, string text, bool isPlain)
    : ConfigNode(file, line, column)
{
    public string Text { get; } = text;

    /// <inheritdoc/>
    public override string Kind => IsNull ? "empty" : "a text";

    /// <summary>The null of the YAML 1.2 core schema.</summary>
    public override bool IsNull => isPlain && Text is ("" or "~" or "null" or "Null" or "NULL");
}

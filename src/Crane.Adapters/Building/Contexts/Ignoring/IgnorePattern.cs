namespace Crane.Adapters.Building;

/// <summary>One pattern of an ignore file, compiled. Paths are relative to the context, with slashes.</summary>
internal sealed class IgnorePattern
{
    private readonly PatternKind _kind;
    private readonly string _literal;
    private readonly Expression? _expression;

    private IgnorePattern(PatternKind kind, string literal, Expression? expression = null) =>
        (_kind, _literal, _expression) = (kind, literal, expression);

    /// <summary>The pattern for that path and no other.</summary>
    public static IgnorePattern Exactly(string path) => new(PatternKind.Exact, path);

    /// <summary>Compiles a pattern that <see cref="CleanPath"/> has cleaned.</summary>
    /// <exception cref="FormatException">Not a pattern; the message says why.</exception>
    public static IgnorePattern Parse(string pattern)
    {
        GlobSyntax.Check(pattern);
        var (kind, expression) = PatternTranslation.Of(pattern);
        return kind switch
        {
            PatternKind.Prefix => new(kind, pattern[..^2]),
            PatternKind.Suffix => new(kind, pattern[2..]),
            PatternKind.Expression => new(kind, pattern, ExpressionParser.Parse(expression)),
            _ => new(kind, pattern),
        };
    }

    /// <summary>Whether the pattern matches the path itself; a folder above it is the caller's to ask about.</summary>
    public bool Matches(string path) => _kind switch
    {
        PatternKind.Exact => path == _literal,
        PatternKind.Prefix => path.StartsWith(_literal, StringComparison.Ordinal),
        // `**/name` is also the name itself.
        PatternKind.Suffix => path.EndsWith(_literal, StringComparison.Ordinal)
            || (_literal.StartsWith('/') && path.AsSpan().SequenceEqual(_literal.AsSpan(1))),
        _ => _expression!.Matches(path),
    };

    /// <summary>Whether there may be a path in the folder, at any depth, that the pattern matches. Never false wrongly.</summary>
    public bool CouldMatchBelow(string folder)
    {
        var above = folder + "/";
        return _kind switch
        {
            PatternKind.Exact => _literal.StartsWith(above, StringComparison.Ordinal),
            PatternKind.Prefix => _literal.StartsWith(above, StringComparison.Ordinal)
                || above.StartsWith(_literal, StringComparison.Ordinal),
            PatternKind.Suffix => true,
            _ => _expression!.CouldMatchBeyond(above),
        };
    }
}

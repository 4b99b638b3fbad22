using System.IO.Enumeration;
using System.Text;
using System.Text.RegularExpressions;

namespace Crane.Adapters.Contexts;

/// <summary>One pattern of an ignore file, compiled. Paths are relative to the context, with slashes.</summary>
internal sealed class IgnorePattern
{
    // What means something across the slash, and what a component may hold besides names, `*` and `?`.
    private static readonly char[] _spanning = ['|', '{'], _syntax = ['[', ']', '\\', '^'];

    private readonly Kind _kind;
    private readonly string _literal;
    private readonly Regex? _expression;

    private IgnorePattern(Kind kind, string literal, Regex? expression = null) =>
        (_kind, _literal, _expression) = (kind, literal, expression);

    private enum Kind
    {
        Exact,
        Prefix,
        Suffix,
        Expression,
    }

    /// <summary>The pattern for that path and no other.</summary>
    public static IgnorePattern Exactly(string path) => new(Kind.Exact, path);

    /// <summary>Compiles a pattern whose path is clean.</summary>
    /// <exception cref="FormatException">Not a pattern; the message says why.</exception>
    public static IgnorePattern Parse(string pattern)
    {
        GlobSyntax.Check(pattern);
        var (kind, expression) = Translate(pattern);
        return kind switch
        {
            Kind.Prefix => new(kind, pattern[..^2]),
            Kind.Suffix => new(kind, pattern[2..]),
            Kind.Expression => new(kind, pattern, GoExpression.Compile(expression)),
            _ => new(kind, pattern),
        };
    }

    /// <summary>Whether the pattern matches the path itself; a directory above it is the caller's to ask about.</summary>
    public bool Matches(string path) => _kind switch
    {
        Kind.Exact => path == _literal,
        Kind.Prefix => path.StartsWith(_literal, StringComparison.Ordinal),
        // `**/name` is also the name itself.
        Kind.Suffix => path.EndsWith(_literal, StringComparison.Ordinal)
            || (_literal.StartsWith('/') && path.AsSpan().SequenceEqual(_literal.AsSpan(1))),
        _ => _expression!.IsMatch(path),
    };

    /// <summary>Whether there may be a path in the directory, at any depth, that the pattern matches. Never false wrongly.</summary>
    public bool CouldMatchBelow(string directory)
    {
        var above = directory + "/";
        return _kind switch
        {
            Kind.Exact => _literal.StartsWith(above, StringComparison.Ordinal),
            Kind.Prefix => _literal.StartsWith(above, StringComparison.Ordinal) || above.StartsWith(_literal, StringComparison.Ordinal),
            Kind.Suffix => true,
            _ => _literal.IndexOfAny(_spanning) >= 0 || LeadsInto(directory.Split('/')),
        };
    }

    // Component by component, up to one that may match a slash.
    private bool LeadsInto(string[] directory)
    {
        var components = _literal.Split('/');
        for (var index = 0; index < components.Length; index++)
        {
            var component = components[index];
            if (index == directory.Length || component.Contains("**", StringComparison.Ordinal) || component.IndexOfAny(_syntax) >= 0)
                return true;
            // To it, `?` is half of some characters.
            if (!FileSystemName.MatchesSimpleExpression(component.Replace('?', '*'), directory[index], ignoreCase: false))
                return false;
        }

        return false;
    }

    /// <summary>
    /// What moby makes of a pattern: a plain comparison where that will do, else a regular expression of Go in which only
    /// <c>*</c>, <c>**</c> and <c>?</c> have been replaced and <c>. + ( ) $</c> escaped. Whatever else the pattern holds
    /// (<c>\d</c>, <c>|</c>, <c>{2}</c>, <c>^</c>, <c>[[:alpha:]]</c>) thereby means what it means to Go.
    /// </summary>
    private static (Kind Kind, string Expression) Translate(string pattern)
    {
        var kind = Kind.Exact;
        var expression = new StringBuilder("^");
        for (var at = 0; at < pattern.Length;)
        {
            var (start, character) = (at, pattern[at++]);
            switch (character)
            {
                case '*' when at < pattern.Length && pattern[at] == '*':
                    at += at + 1 < pattern.Length && pattern[at + 1] == '/' ? 2 : 1;
                    kind = (start, at == pattern.Length, kind) switch
                    {
                        (0, _, _) => Kind.Suffix,
                        (_, true, Kind.Exact) => Kind.Prefix,
                        _ => Kind.Expression,
                    };
                    expression.Append(at == pattern.Length ? ".*" : GoExpression.AnyDirectories);
                    continue;
                case '*' or '?':
                    expression.Append(character == '*' ? "[^/]*" : "[^/]");
                    break;
                case '\\' when at < pattern.Length:
                    expression.Append('\\').Append(pattern[at++]);
                    break;
                case '[' or ']':
                    expression.Append(character);
                    break;
                case '.' or '+' or '(' or ')' or '$':
                    expression.Append('\\').Append(character);
                    continue;
                default:
                    expression.Append(character);
                    continue;
            }

            kind = Kind.Expression;
        }

        return (kind, expression.Append('$').ToString());
    }
}

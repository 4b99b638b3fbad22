using System.IO.Enumeration;
using System.Text.RegularExpressions;
using System.Text;

namespace Crane.Adapters.Contexts;

/// <summary>One pattern of an ignore file, compiled. Paths are relative to the context, with slashes.</summary>
internal sealed class IgnorePattern
{
    // Syntax that can match across a slash, and syntax within a component other than `*` and `?`.
    private static readonly char[] Spanning = ['|', '{'];
    private static readonly char[] Syntax = ['[', ']', '\\', '^'];

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

    /// <summary>The pattern for exactly that path.</summary>
    public static IgnorePattern Exactly(string path) => new(Kind.Exact, path);

    /// <summary>Compiles a pattern with a clean path.</summary>
    /// <exception cref="FormatException">Not a valid pattern.</exception>
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

    /// <summary>Whether the pattern matches the path itself; the caller checks the folders above it.</summary>
    public bool Matches(string path) => _kind switch
    {
        Kind.Exact => path == _literal,
        Kind.Prefix => path.StartsWith(_literal, StringComparison.Ordinal),
        // `**/name` is also the name itself.
        Kind.Suffix => path.EndsWith(_literal, StringComparison.Ordinal)
            || (_literal.StartsWith('/') && path.AsSpan().SequenceEqual(_literal.AsSpan(1))),
        _ => _expression!.IsMatch(path),
    };

    /// <summary>Whether the pattern may match a path below the folder, at any depth. May be true without reason, but never false.</summary>
    public bool CouldMatchBelow(string directory)
    {
        var above = directory + "/";
        return _kind switch
        {
            Kind.Exact => _literal.StartsWith(above, StringComparison.Ordinal),
            Kind.Prefix => _literal.StartsWith(above, StringComparison.Ordinal) || above.StartsWith(_literal, StringComparison.Ordinal),
            Kind.Suffix => true,
            _ => _literal.IndexOfAny(Spanning) >= 0 || LeadsInto(directory.Split('/')),
        };
    }

    // Component by component, up to one that may match a slash.
    private bool LeadsInto(string[] directory)
    {
        var components = _literal.Split('/');
        for (var index = 0; index < components.Length; index++)
        {
            var component = components[index];
            if (index == directory.Length || component.Contains("**", StringComparison.Ordinal) || component.IndexOfAny(Syntax) >= 0)
                return true;
            // `?` there matches half of a surrogate pair.
            if (!FileSystemName.MatchesSimpleExpression(component.Replace('?', '*'), directory[index], ignoreCase: false))
                return false;
        }

        return false;
    }

    /// <summary>
    /// Translates a pattern as moby does: to a plain comparison where possible, else to a regular expression of Go in which only
    /// <c>*</c>, <c>**</c> and <c>?</c> are replaced and <c>. + ( ) $</c> escaped. Everything else (<c>\d</c>, <c>|</c>, <c>{2}</c>,
    /// <c>^</c>, <c>[[:alpha:]]</c>) has its meaning in Go.
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

/// <summary>
/// Validates patterns as moby does, which matches each against the name <c>.</c> with Go's <c>filepath.Match</c>. That reads a
/// pattern part by part, each with the asterisks before it, and stops at the first part that does not match, so that errors
/// after it are not found. This does the same, so that both refuse the same patterns.
/// </summary>
internal static class GlobSyntax
{
    /// <exception cref="FormatException">An open or empty bracket, an incomplete range, or a backslash at the end.</exception>
    public static void Check(string pattern)
    {
        var name = ".";
        while (pattern.Length > 0)
        {
            var hasStar = pattern[0] == '*';
            pattern = pattern.TrimStart('*');
            var part = pattern[..PartLength(pattern)];
            pattern = pattern[part.Length..];
            if (hasStar && part.Length == 0)
                return;
            if (Match(part, name) is { } rest && (rest.Length == 0 || pattern.Length > 0))
                name = rest;
            else if (hasStar && name.Length > 0 && Match(part, "") is not null)
                name = "";
            else
                return;
        }
    }

    private static int PartLength(string pattern)
    {
        var isInClass = false;
        for (var index = 0; index < pattern.Length; index++)
        {
            if (pattern[index] == '\\')
                index++;
            else if (pattern[index] == '*' && !isInClass)
                return index;
            else if (pattern[index] is '[' or ']')
                isInClass = pattern[index] == '[';
        }

        return pattern.Length;
    }

    // The rest of the name, which is `.` or empty; null where the part does not match. All of the part is read either way.
    private static string? Match(string part, string name)
    {
        var (fits, left) = (true, name);
        for (var at = 0; at < part.Length;)
        {
            fits &= left.Length > 0;
            switch (part[at])
            {
                case '[':
                    fits &= ReadClass(part, ref at);
                    break;
                case '?':
                    at++;
                    break;
                case '\\' when at + 1 == part.Length:
                    throw new FormatException("it ends with a backslash that escapes nothing");
                default:
                    at += part[at] == '\\' ? 1 : 0;
                    fits &= part[at] == '.';
                    at++;
                    break;
            }

            left = "";
        }

        return fits ? left : null;
    }

    // Reads `[…]` and returns whether it contains the dot.
    private static bool ReadClass(string part, ref int at)
    {
        at++;
        var isNegated = at < part.Length && part[at] == '^';
        at += isNegated ? 1 : 0;
        var hasDot = false;
        for (var isFirst = true; isFirst || part[at] != ']'; isFirst = false)
        {
            var low = ReadClassCharacter(part, ref at);
            var high = low;
            if (part[at] == '-')
            {
                at++;
                high = ReadClassCharacter(part, ref at);
            }

            hasDot |= low <= '.' && '.' <= high;
        }

        at++;
        return hasDot != isNegated;
    }

    // A character must be followed by another one or by the closing bracket.
    private static int ReadClassCharacter(string part, ref int at)
    {
        if (at < part.Length && part[at] is '-' or ']')
            throw new FormatException($"unexpected '{part[at]}' in '[…]'");
        at += at < part.Length && part[at] == '\\' ? 1 : 0;
        if (at >= part.Length)
            throw Unclosed();
        Rune.DecodeFromUtf16(part.AsSpan(at), out var rune, out var length);
        at += length;
        return at < part.Length ? rune.Value : throw Unclosed();
    }

    private static FormatException Unclosed() => new("'[' is not closed by ']'");
}

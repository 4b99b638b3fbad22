using System.Text;

namespace Crane.Adapters.Building;

/// <summary>How a pattern is compared with a path.</summary>
internal enum PatternKind
{
    /// <summary>The path is the pattern.</summary>
    Exact,

    /// <summary>The path starts with what stands before <c>**</c>.</summary>
    Prefix,

    /// <summary>The path ends with what stands behind <c>**</c>.</summary>
    Suffix,

    /// <summary>The path matches an expression.</summary>
    Expression,
}

/// <summary>
/// What moby makes of a pattern: a plain comparison where that will do, else a regular expression of Go in which only
/// <c>*</c>, <c>**</c> and <c>?</c> have been replaced and <c>. + ( ) $</c> escaped. Whatever else the pattern holds
/// (<c>\d</c>, <c>|</c>, <c>{2}</c>, <c>^</c>, <c>[[:alpha:]]</c>) thereby means what it means to Go.
/// </summary>
internal static class PatternTranslation
{
    /// <summary>Any folders with the slash behind them, or none.</summary>
    public const string AnyFolders = "(.*/)?";

    /// <summary>Anything but a slash.</summary>
    private const string NoSlash = "[^/]";

    /// <summary>Translates a pattern that <see cref="CleanPath"/> has cleaned.</summary>
    public static (PatternKind Kind, string Expression) Of(string pattern)
    {
        var kind = PatternKind.Exact;
        var expression = new StringBuilder("^");
        for (var at = 0; at < pattern.Length;)
        {
            var start = at;
            switch (pattern[at++])
            {
                case '*' when at < pattern.Length && pattern[at] == '*':
                    at++;
                    if (at < pattern.Length && pattern[at] == '/')
                        at++;
                    kind = (start, at == pattern.Length, kind) switch
                    {
                        (0, _, _) => PatternKind.Suffix,
                        (_, true, PatternKind.Exact) => PatternKind.Prefix,
                        _ => PatternKind.Expression,
                    };
                    expression.Append(at == pattern.Length ? ".*" : AnyFolders);
                    break;
                case '*':
                    kind = PatternKind.Expression;
                    expression.Append(NoSlash).Append('*');
                    break;
                case '?':
                    kind = PatternKind.Expression;
                    expression.Append(NoSlash);
                    break;
                case '\\' when at < pattern.Length:
                    kind = PatternKind.Expression;
                    expression.Append('\\').Append(pattern[at++]);
                    break;
                case '[' or ']':
                    kind = PatternKind.Expression;
                    expression.Append(pattern[start]);
                    break;
                case '.' or '+' or '(' or ')' or '$':
                    expression.Append('\\').Append(pattern[start]);
                    break;
                default:
                    expression.Append(pattern[start]);
                    break;
            }
        }

        return (kind, expression.Append('$').ToString());
    }
}

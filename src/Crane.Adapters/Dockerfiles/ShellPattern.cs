using System.Text.RegularExpressions;
using Crane.Errors;

namespace Crane.Adapters.Dockerfiles;

/// <summary>A shell pattern of <c>*</c> and <c>?</c>, without brackets, as in <c>${A#pattern}</c>. Neither matches a line break.</summary>
internal sealed class ShellPattern
{
    private const string Star = ".*";

    // One expression for each character.
    private readonly List<string> _pieces = [];
    private readonly ExpansionBudget _budget;

    /// <exception cref="DockerfileError">A backslash before another character than <c>* ? \ } /</c>.</exception>
    public ShellPattern(string pattern, ExpansionBudget budget)
    {
        _budget = budget;
        for (var index = 0; index < pattern.Length; index++)
        {
            _pieces.Add(pattern[index] switch
            {
                '*' => Star,
                '?' => ".",
                '\\' => Regex.Escape(Escaped(pattern, ++index)),
                var other => Regex.Escape(other.ToString()),
            });
        }
    }

    /// <summary>The value without the shortest or longest match at its start.</summary>
    public string TrimStart(string value, bool longest) => value[Trimmed(_pieces, value, longest)..];

    /// <summary>The value without the shortest or longest match at its end.</summary>
    public string TrimEnd(string value, bool longest) =>
        value[..^Trimmed(_pieces.AsEnumerable().Reverse(), string.Concat(value.Reverse()), longest)];

    /// <summary>The value with the first match, or every match, replaced; of several at one position, the longest.</summary>
    public string Replace(string value, string replacement, bool all)
    {
        var end = 0;
        return Compile(_pieces, value, longest: true).Replace(value, Replaced, all ? -1 : 1);

        string Replaced(Match match)
        {
            // An empty match directly after another match is ignored.
            if (match.Length == 0 && match.Index == end && end > 0)
                return "";
            end = match.Index + match.Length;
            _budget.Spend(replacement.Length);
            return replacement;
        }
    }

    private int Trimmed(IEnumerable<string> pieces, string value, bool longest) =>
        Compile(pieces.Prepend(@"\A"), value, longest).Match(value).Length;

    private Regex Compile(IEnumerable<string> pieces, string value, bool longest)
    {
        _budget.Spend((value.Length + 1L) * (_pieces.Count + 1));
        try
        {
            return new Regex(
                string.Concat(pieces.Select(piece => piece == Star && !longest ? ".*?" : piece)),
                RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (NotSupportedException)
        {
            throw new DockerfileError("the pattern is too long");
        }
    }

    private static string Escaped(string pattern, int index) =>
        index < pattern.Length && pattern[index] is '*' or '?' or '\\' or '}' or '/'
            ? pattern[index].ToString()
            : throw new DockerfileError(
                $"the pattern {VisibleText.Quote(pattern)} has a backslash that escapes nothing",
                "In a pattern, only '*', '?', '\\', '}' and '/' are escaped.");
}

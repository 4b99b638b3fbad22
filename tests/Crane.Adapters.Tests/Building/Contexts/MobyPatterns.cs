using System.Text;
using System.Text.RegularExpressions;

namespace Crane.Adapters.Tests.Building;

/// <summary>
/// The straightforward way to read ignore files: each pattern becomes one regular expression, and every path is asked about
/// together with all folders above it. Slow, may backtrack, and knows no plain comparisons; right for what both Go's and
/// .NET's regular expressions understand alike.
/// </summary>
internal sealed class MobyPatterns
{
    private readonly List<(Regex Pattern, bool IsException)> _rules;

    public MobyPatterns(IEnumerable<string> lines) => _rules =
    [
        .. lines.Where(line => line.Trim('!', '/', ' ').Length > 0).Select(line => (
            new Regex(Translate(line.TrimStart('!').Trim('/')), RegexOptions.CultureInvariant),
            line.StartsWith('!'))),
    ];

    public bool Ignores(string path)
    {
        var parts = path.Split('/');
        var candidates = Enumerable.Range(1, parts.Length).Select(count => string.Join('/', parts[..count])).ToList();
        var isIgnored = false;
        foreach (var (pattern, isException) in _rules)
            if (candidates.Any(pattern.IsMatch))
                isIgnored = !isException;
        return isIgnored;
    }

    private static string Translate(string pattern)
    {
        // A pattern without wildcards is compared as it is.
        if (pattern.IndexOfAny(['*', '?', '[', ']', '\\']) < 0)
            return $@"\A{Regex.Escape(pattern)}\z";
        var expression = new StringBuilder(@"\A");
        for (var at = 0; at < pattern.Length; at++)
        {
            if (pattern.AsSpan(at).StartsWith("**"))
            {
                at += pattern.AsSpan(at + 2).StartsWith("/") ? 2 : 1;
                expression.Append(at + 1 == pattern.Length ? "(?s:.*)" : "(.*/)?");
            }
            else
            {
                expression.Append(pattern[at] switch
                {
                    '*' => "[^/]*",
                    '?' => "[^/]",
                    '\\' => $@"\{pattern[++at]}",
                    '[' or ']' or '^' or '-' => pattern[at].ToString(),
                    var other => Regex.Escape(other.ToString()),
                });
            }
        }

        // What starts with `**` and has no other wildcard is compared with the end, whatever comes before it.
        if (pattern.StartsWith("**", StringComparison.Ordinal) && pattern.AsSpan(2).IndexOfAny("*?[]\\") < 0)
        {
            var end = Regex.Escape(pattern[2..].TrimStart('/'));
            return $@"(?:\A|{(pattern.StartsWith("**/", StringComparison.Ordinal) ? "/" : "")}){end}\z";
        }

        return expression.Append(@"\z").ToString();
    }
}

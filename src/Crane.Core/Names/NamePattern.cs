using System.Text.RegularExpressions;

namespace Crane.Names;

/// <summary>A wildcard pattern as in PowerShell: <c>*</c>, <c>?</c>, <c>[a-z]</c>, a backtick escapes, case is ignored.</summary>
internal sealed partial class NamePattern(string pattern)
{
    // Without backtracking, the time is at worst proportional to the product of both lengths.
    private readonly Regex _regex = new(
        $@"\A{Element().Replace(pattern, Translate)}\z",
        RegexOptions.Singleline | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);

    /// <summary>Whether a string has wildcards; otherwise it is a name.</summary>
    public static bool HasWildcards(string text) =>
        Element().Matches(text).Any(element => element.ValueSpan is "*" or "?" || element.Groups["set"].Success);

    /// <summary>Whether a name matches.</summary>
    public bool Matches(string name) => _regex.IsMatch(name);

    private static string Translate(Match element) => element.Value switch
    {
        "*" => ".*",
        "?" => ".",
        _ when element.Groups["set"] is { Success: true } set => $"(?:{string.Join('|', Range().Matches(set.Value).Select(Class))})",
        var one => Regex.Escape(one[^1..]),
    };

    // A range in descending order has no members.
    private static string Class(Match range) => range.Value[0] <= range.Value[^1]
        ? $@"[\u{(int)range.Value[0]:x4}-\u{(int)range.Value[^1]:x4}]"
        : @"[^\0-\uffff]";

    [GeneratedRegex(@"`.|\[(?<set>[^]]+)\]|.", RegexOptions.Singleline)]
    private static partial Regex Element();

    [GeneratedRegex(".-.|.", RegexOptions.Singleline)]
    private static partial Regex Range();
}

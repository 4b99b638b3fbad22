namespace Crane.Adapters.Contexts;

/// <summary>A line of an ignore file.</summary>
/// <param name="Pattern">What it is about.</param>
/// <param name="IsException">Whether it takes back what earlier lines ignore: <c>!pattern</c>.</param>
internal readonly record struct IgnoreRule(IgnorePattern Pattern, bool IsException);

/// <summary>What the rules say of one path, kept for the paths below it.</summary>
/// <param name="IsIgnored">Whether the path is ignored.</param>
/// <param name="Matched">For each rule that had a say, whether it matched the path or a folder above it.</param>
internal readonly record struct IgnoreVerdict(bool IsIgnored, bool[] Matched);

/// <summary>
/// The rules of an ignore file: of those that match a path or a folder above it, the last one decides. A rule is asked
/// only where it would change what the rules before it say, and a folder's answers hold for all below it: where both
/// meet, the outcome depends on it, so it is done just as moby's walk over a context does it.
/// </summary>
internal sealed class IgnoreRules
{
    private readonly IgnoreRule[] _rules;

    public IgnoreRules(IEnumerable<IgnoreRule> rules) => _rules = [.. rules];

    /// <summary>Nothing is ignored.</summary>
    public static IgnoreRules None { get; } = new([]);

    /// <summary>What holds for the context itself, which is never ignored.</summary>
    public IgnoreVerdict Root => new(false, new bool[_rules.Length]);

    /// <summary>The same rules, except that these paths are never ignored.</summary>
    public IgnoreRules Keeping(params IEnumerable<string> paths) =>
        new([.. _rules, .. paths.Select(path => new IgnoreRule(IgnorePattern.Exactly(path), IsException: true))]);

    /// <summary>The same rules, except that this path is ignored.</summary>
    public IgnoreRules Dropping(string path) => new([.. _rules, new IgnoreRule(IgnorePattern.Exactly(path), IsException: false)]);

    /// <summary>What the rules say of a path, given what they say of the folder that holds it.</summary>
    public IgnoreVerdict Judge(string path, IgnoreVerdict folder)
    {
        var isIgnored = false;
        var matched = new bool[_rules.Length];
        for (var index = 0; index < _rules.Length; index++)
        {
            var rule = _rules[index];
            matched[index] = folder.Matched[index] || (rule.IsException == isIgnored && rule.Pattern.Matches(path));
            if (matched[index])
                isIgnored = !rule.IsException;
        }

        return new IgnoreVerdict(isIgnored, matched);
    }

    /// <summary>Whether a path that nobody walks to is ignored: here every rule is asked about every folder above it.</summary>
    public bool Ignores(string path)
    {
        var isIgnored = false;
        foreach (var rule in _rules)
            if (rule.IsException == isIgnored && SelfAndFolders(path).Any(rule.Pattern.Matches))
                isIgnored = !rule.IsException;
        return isIgnored;
    }

    /// <summary>
    /// Whether something in an ignored folder may not be ignored. The last rule that matches the folder matches all below
    /// it, so only exceptions behind that one count.
    /// </summary>
    public bool CouldReinclude(string folder, IgnoreVerdict verdict)
    {
        for (var index = _rules.Length - 1; index >= 0; index--)
        {
            if (verdict.Matched[index])
                return false;
            if (_rules[index].IsException && _rules[index].Pattern.CouldMatchBelow(folder))
                return true;
        }

        return false;
    }

    private static IEnumerable<string> SelfAndFolders(string path)
    {
        yield return path;
        for (var slash = path.IndexOf('/', StringComparison.Ordinal); slash >= 0; slash = path.IndexOf('/', slash + 1))
            yield return path[..slash];
    }
}

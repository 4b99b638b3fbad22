using System.Text;
using Crane.Adapters.Machine;

namespace Crane.Adapters.Contexts;

/// <summary>A line of an ignore file.</summary>
/// <param name="IsException">Whether it re-includes what earlier lines ignore: <c>!pattern</c>.</param>
/// <param name="Pattern">Its pattern.</param>
internal readonly record struct IgnoreRule(IgnorePattern Pattern, bool IsException);

/// <summary>The result for one path, kept for the paths below it.</summary>
/// <param name="IsIgnored">Whether the path is ignored.</param>
/// <param name="Matched">For each rule, whether it was decisive and matched the path or a folder above it.</param>
internal readonly record struct IgnoreVerdict(bool IsIgnored, bool[] Matched);

/// <summary>
/// The rules of an ignore file: of those that match a path or a folder above it, the last one decides. A rule is evaluated only
/// where it would change the result of those before it, and the matches of a folder hold for everything below it. The result
/// can depend on both, so this follows moby's walk over a context.
/// </summary>
internal sealed class IgnoreRules
{
    private readonly IgnoreRule[] _rules;

    public IgnoreRules(IEnumerable<IgnoreRule> rules) => _rules = [.. rules];

    public static IgnoreRules None { get; } = new([]);

    /// <summary>The result for the context itself, which is never ignored.</summary>
    public IgnoreVerdict Root => new(false, new bool[_rules.Length]);

    /// <summary>The same rules, except that these paths are never ignored.</summary>
    public IgnoreRules Keeping(params IEnumerable<string> paths) =>
        new([.. _rules, .. paths.Select(path => new IgnoreRule(IgnorePattern.Exactly(path), IsException: true))]);

    /// <summary>The same rules, except that this path is ignored.</summary>
    public IgnoreRules Dropping(string path) => new([.. _rules, new IgnoreRule(IgnorePattern.Exactly(path), IsException: false)]);

    /// <summary>The result for a path, given that for its folder.</summary>
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

    /// <summary>Whether a path is ignored, outside of a walk: every rule is evaluated for every folder above it.</summary>
    public bool Ignores(string path)
    {
        var isIgnored = false;
        foreach (var rule in _rules)
            if (rule.IsException == isIgnored && SelfAndFolders(path).Any(rule.Pattern.Matches))
                isIgnored = !rule.IsException;
        return isIgnored;
    }

    /// <summary>
    /// Whether something in an ignored folder may be re-included. The last rule that matches the folder matches everything below
    /// it, so only exceptions after that one matter.
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

/// <summary>
/// Reads a <c>.dockerignore</c>, line by line as moby's <c>ignorefile</c> and <c>patternmatcher</c> do: a byte order mark
/// and lines that start with <c>#</c> are skipped, white space around a pattern and a slash before it removed, paths cleaned.
/// </summary>
internal sealed record IgnoreFile(byte[] Bytes, IgnoreRules Rules)
{
    /// <summary>The name of the ignore file of a context, and the suffix of that of a Dockerfile.</summary>
    public const string Name = ".dockerignore";

    // The line buffer of docker, which refuses a longer line, too.
    private const int MaxLine = 64 * 1024;

    /// <summary>Reads a file; null where there is none.</summary>
    /// <exception cref="CraneException">BuildFailed where it cannot be read, is not UTF-8 or has an invalid pattern.</exception>
    public static IgnoreFile? Read(string path)
    {
        byte[] bytes;
        try
        {
            bytes = RegularFile.ReadAllBytes(path);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw ContextErrors.UnreadableIgnoreFile(path, exception);
        }

        // Windows PowerShell writes UTF-16 with `>`, which would be read as patterns that match nothing.
        return bytes is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..] || bytes.Contains((byte)0)
            ? throw ContextErrors.IgnoreFileIsNotText(path)
            : new IgnoreFile(bytes, Parse(Encoding.UTF8.GetString(bytes), path));
    }

    /// <summary>Parses rules.</summary>
    /// <exception cref="CraneException">BuildFailed for an invalid pattern, with its line.</exception>
    public static IgnoreRules Parse(string text, string path)
    {
        var (rules, number) = (new List<IgnoreRule>(), 0);
        foreach (var line in (text.StartsWith('\uFEFF') ? text[1..] : text).Split('\n'))
        {
            number++;
            try
            {
                if (!line.StartsWith('#') && Rule(line) is { } rule)
                    rules.Add(rule);
            }
            catch (FormatException exception)
            {
                throw ContextErrors.InvalidPattern(path, number, line.TrimEnd('\r'), exception);
            }
        }

        return new IgnoreRules(rules);
    }

    // moby cleans a pattern twice, when it reads the file and when it compiles what it has read; so `/!a` is an exception.
    private static IgnoreRule? Rule(string line)
    {
        if (line.Length >= MaxLine)
            throw new FormatException($"it is longer than {MaxLine / 1024} KB");
        var text = Slashes(line).Trim();
        var isException = text.StartsWith('!');
        if (isException)
            text = text[1..].Trim();
        if (text.Length > 0)
            text = Clean(text);
        if (text.Length > 1 && text[0] == '/')
            text = text[1..];

        text = (isException ? "!" + text : text).Trim();
        if (text.Length == 0)
            return null;
        text = Clean(text);
        return text switch
        {
            "!" => throw new FormatException("'!' has no pattern"),
            ['!', .. var pattern] => new IgnoreRule(IgnorePattern.Parse(pattern), IsException: true),
            _ => new IgnoreRule(IgnorePattern.Parse(text), IsException: false),
        };
    }

    // Go's filepath.Clean: removes `.`, empty parts, slashes at the end, and each part before a `..`.
    private static string Clean(string path)
    {
        var isRooted = path.StartsWith('/');
        var parts = new List<string>();
        foreach (var part in path.Split('/').Where(part => part is not ("" or ".")))
        {
            if (part != "..")
                parts.Add(part);
            else if (parts is [.., not ".."])
                parts.RemoveAt(parts.Count - 1);
            else if (!isRooted)
                parts.Add(part);
        }

        var clean = string.Join('/', parts);
        return isRooted ? "/" + clean : clean.Length == 0 ? "." : clean;
    }

    // On Windows a backslash is a separator in patterns, and nothing can be escaped.
    private static string Slashes(string line) => OperatingSystem.IsWindows() ? line.Replace('\\', '/') : line;
}

using Crane.Errors;

namespace Crane.Adapters.Dockerfiles;

/// <summary>
/// The directives <c># name=value</c> before anything else in a file. A line that is none, be it an ordinary comment,
/// ends them.
/// </summary>
internal sealed class ParserDirectives
{
    // What Go takes for one.
    private static readonly string[] _booleans =
        ["1", "t", "T", "true", "TRUE", "True", "0", "f", "F", "false", "FALSE", "False"];

    private readonly HashSet<string> _seen = [];
    private bool _over;

    /// <summary>What continues lines and escapes characters.</summary>
    public char Escape { get; private set; } = '\\';

    /// <summary>Reads a line, if directives are not over yet.</summary>
    /// <exception cref="DockerfileError">A directive twice, or one with a value it cannot have.</exception>
    public void Read(string line)
    {
        if (_over)
            return;
        var directive = Split(line, "#");
        if (!IsKnown(directive.Name))
        {
            _over = true;
            return;
        }

        if (!_seen.Add(directive.Name))
            throw new DockerfileError($"the directive '{directive.Name}' is given a second time", "Keep one of them.");
        if (directive.Name == "escape")
            Escape = EscapeOf(directive.Value);
        else if (directive.Name == "check")
            CheckOptions(directive.Value);
    }

    private static char EscapeOf(string value) => value is ['\\' or '`']
        ? value[0]
        : throw new DockerfileError(
            $"the escape character cannot be {VisibleText.Quote(value)}",
            "It can be a backslash, which it is without the directive, or a backtick.");

    /// <summary>Whether there is a directive of that name.</summary>
    public static bool IsKnown(string? name) => name is "escape" or "syntax" or "check";

    /// <summary>The name and the value of a directive; nothing for a line that is none.</summary>
    public static (string Name, string Value) Split(string line, string comment)
    {
        var equals = line.IndexOf('=', StringComparison.Ordinal);
        if (equals < comment.Length || !line.StartsWith(comment, StringComparison.Ordinal))
            return default;
        var name = line[comment.Length..equals].TrimStart().TrimEnd(' ', '\t', '\f', '\r', '\n');
        var written = line[(equals + 1)..];
        if (written.Length == 0)
            return default;
        // Of a value that is only spaces BuildKit takes the last.
        var value = written.Trim(' ', '\t', '\f', '\r', '\n');
        return (name.ToLowerInvariant(), value.Length > 0 ? value : written[^1..]);
    }

    // skip=RULE,…;experimental=RULE,…;error=true
    private static void CheckOptions(string value)
    {
        const int options = 3;
        // BuildKit reads up to the first space.
        var text = value.Split(' ', 2)[0].Trim();
        foreach (var option in text.Length == 0 ? [] : text.Split(';', options))
        {
            var parts = option.Split('=', 2);
            var known = parts is [var name, var written]
                && (name.Trim() is "skip" or "experimental" || (name.Trim() == "error" && _booleans.Contains(written.Trim())));
            if (!known)
            {
                throw new DockerfileError(
                    $"the directive 'check' has no option {VisibleText.Quote(option)}",
                    "It has skip=RULE,…, experimental=RULE,… and error=true.");
            }
        }
    }
}

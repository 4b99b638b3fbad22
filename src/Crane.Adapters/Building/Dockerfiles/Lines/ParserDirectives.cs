using Crane.Errors;

namespace Crane.Adapters.Building.Dockerfiles.Lines;

/// <summary>
/// The directives <c># name=value</c> before anything else in a file. A line that is none, be it an ordinary comment,
/// ends them.
/// </summary>
internal sealed class ParserDirectives
{
    private readonly HashSet<string> _seen = [];
    private bool _over;

    /// <summary>What continues lines and escapes characters.</summary>
    public char Escape { get; private set; } = '\\';

    /// <summary>Reads a line, if directives are not over yet.</summary>
    /// <exception cref="DockerfileFault">A directive twice, or one with a value it cannot have.</exception>
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
            throw new DockerfileFault($"the directive '{directive.Name}' is given a second time", "Keep one of them.");
        if (directive.Name == "escape")
            Escape = EscapeOf(directive.Value);
        else if (directive.Name == "check")
            CheckOptions.Check(directive.Value);
    }

    private static char EscapeOf(string value) => value is ['\\' or '`']
        ? value[0]
        : throw new DockerfileFault(
            $"the escape character cannot be {VisibleText.Quote(value)}",
            "It can be a backslash, which it is without the directive, or a backtick.");

    /// <summary>Whether there is a directive of that name.</summary>
    public static bool IsKnown(string? name) => name is "escape" or "syntax" or "check";

    /// <summary>The name and the value of a directive; nothing for a line that is none.</summary>
    /// <param name="line">The line.</param>
    /// <param name="comment">What begins a comment.</param>
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
}

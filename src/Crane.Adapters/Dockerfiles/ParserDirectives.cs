using System.Text.Json;
using System.Text;
using Crane.Errors;
using Crane.Names;

namespace Crane.Adapters.Dockerfiles;

/// <summary>
/// The directives <c># name=value</c> before anything else in a file. Any other line, also an ordinary comment, ends them.
/// </summary>
internal sealed class ParserDirectives
{
    // Go's boolean values.
    private static readonly string[] Booleans = ["1", "t", "T", "true", "TRUE", "True", "0", "f", "F", "false", "FALSE", "False"];

    private readonly HashSet<string> _seen = [];
    private bool _over;

    /// <summary>The character that continues lines and escapes characters.</summary>
    public char Escape { get; private set; } = '\\';

    /// <summary>Reads a line, unless the directives have ended.</summary>
    /// <exception cref="DockerfileError">A duplicate directive, or an invalid value.</exception>
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
            throw new DockerfileError($"duplicate directive '{directive.Name}'", "Keep one of them.");
        if (directive.Name == "escape")
            Escape = EscapeOf(directive.Value);
        else if (directive.Name == "check")
            CheckOptions(directive.Value);
    }

    private static char EscapeOf(string value) => value is ['\\' or '`']
        ? value[0]
        : throw new DockerfileError(
            $"the escape character cannot be {VisibleText.Quote(value)}",
            "It can be a backslash, the default, or a backtick.");

    public static bool IsKnown(string? name) => name is "escape" or "syntax" or "check";

    /// <summary>Returns the name and the value of a directive; nulls for any other line.</summary>
    public static (string Name, string Value) Split(string line, string comment)
    {
        var equals = line.IndexOf('=', StringComparison.Ordinal);
        if (equals < comment.Length || !line.StartsWith(comment, StringComparison.Ordinal))
            return default;
        var name = line[comment.Length..equals].TrimStart().TrimEnd(' ', '\t', '\f', '\r', '\n');
        var written = line[(equals + 1)..];
        if (written.Length == 0)
            return default;
        // Of a value that is only spaces, BuildKit takes the last.
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
                && (name.Trim() is "skip" or "experimental" || (name.Trim() == "error" && Booleans.Contains(written.Trim())));
            if (!known)
            {
                throw new DockerfileError(
                    $"the directive 'check' has no option {VisibleText.Quote(option)}",
                    "It has skip=RULE,…, experimental=RULE,… and error=true.");
            }
        }
    }
}

/// <summary>The frontend in the directive <c>syntax</c>: an image that parses the file for BuildKit, and may extend its grammar.</summary>
/// <param name="Name">The image as written.</param>
/// <param name="Line">The line of the directive, counted from 1.</param>
internal sealed record Frontend(string Name, int Line)
{
    private const string Directive = "syntax";
    private static readonly string[] OfDocker = ["docker/dockerfile", "docker/dockerfile-upstream"];

    /// <summary>Whether it is docker's own, of any version: its grammar is the known one, with extensions.</summary>
    public bool IsDockers =>
        ImageName.TryParse(Name, out var image) && image.Registry == RegistryAddress.DockerHub && OfDocker.Contains(image.Repository);

    /// <summary>Finds the frontend of a Dockerfile as BuildKit does, in one of three forms; null for none.</summary>
    public static Frontend? Of(IReadOnlyList<string> lines) => InComments(lines, "#") ?? InComments(lines, "//") ?? InJson(lines);

    private static Frontend? InComments(IReadOnlyList<string> lines, string comment)
    {
        // A file may be executable.
        for (var index = lines[0].StartsWith("#!", StringComparison.Ordinal) ? 1 : 0; index < lines.Count; index++)
        {
            var (name, value) = ParserDirectives.Split(lines[index].TrimEnd('\r').TrimStart(), comment);
            if (name == Directive)
                return new(Image(value), index + 1);
            if (!ParserDirectives.IsKnown(name))
                break;
        }

        return null;
    }

    // The whole file is a JSON object of strings.
    private static Frontend? InJson(IReadOnlyList<string> lines)
    {
        if (!lines[0].TrimStart().StartsWith('{'))
            return null;
        try
        {
            using var json = JsonDocument.Parse(Encoding.UTF8.GetBytes(string.Join('\n', lines)));
            return json.RootElement.EnumerateObject().All(pair => pair.Value.ValueKind == JsonValueKind.String)
                && json.RootElement.TryGetProperty(Directive, out var value)
                    ? new(Image(value.GetString()!), 1)
                    : null;
        }
        catch (Exception other) when (JsonErrors.IsUnreadable(other))
        {
            return null;
        }
    }

    // The rest are its options.
    private static string Image(string value) => value.Split(' ', 2)[0];
}

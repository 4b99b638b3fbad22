using System.Text;
using Crane.Adapters.Machine;

namespace Crane.Adapters.Contexts;

/// <summary>
/// Reads a <c>.dockerignore</c>, line by line as moby's <c>ignorefile</c> and <c>patternmatcher</c> do: a byte order mark
/// and lines that start with <c>#</c> are skipped, white space around a pattern and a slash before it dropped, paths cleaned.
/// </summary>
internal sealed record IgnoreFile(byte[] Bytes, IgnoreRules Rules)
{
    /// <summary>The name of the ignore file of a context, and the end of the name of a Dockerfile's own.</summary>
    public const string Name = ".dockerignore";

    // The line buffer of docker, which refuses a longer line too.
    private const int LongestLine = 64 * 1024;

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

        // What Windows PowerShell writes by `>` would otherwise be read as patterns that match nothing.
        return bytes is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..] || bytes.Contains((byte)0)
            ? throw ContextErrors.IgnoreFileIsNoText(path)
            : new IgnoreFile(bytes, Parse(Encoding.UTF8.GetString(bytes), path));
    }

    /// <summary>The rules of a text.</summary>
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
        if (line.Length >= LongestLine)
            throw new FormatException($"it is longer than {LongestLine / 1024} KB");
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
            "!" => throw new FormatException("'!' takes back nothing: no pattern stands behind it"),
            ['!', .. var pattern] => new IgnoreRule(IgnorePattern.Parse(pattern), IsException: true),
            _ => new IgnoreRule(IgnorePattern.Parse(text), IsException: false),
        };
    }

    // What Go calls filepath.Clean: drops `.`, empty parts and slashes at the end, and each part that a `..` takes back.
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

using System.Text;
using Crane.Adapters.Machine;
using Crane.Errors;

namespace Crane.Adapters.Dockerfiles;

/// <summary>The lines of a Dockerfile, and errors about them.</summary>
internal sealed class DockerfileSource
{
    // BuildKit's limit, that of Go's line scanner.
    private const int LineByteLimit = (64 * 1024) - 1;
    private const int MaxBytesPerCharacter = 3;

    // The part of a line in an error.
    private const int ExcerptLength = 1_000;

    private readonly string _path;
    private readonly string[] _lines;
    private readonly (DockerfileSource Source, int Line)? _outer;
    private readonly Lazy<Frontend?> _frontend;

    public DockerfileSource(string path, string text)
    {
        const char byteOrderMark = '\uFEFF';
        _path = path;
        _lines = (text is [byteOrderMark, ..] ? text[1..] : text).Split('\n');
        _frontend = new(() => Frontend.Of(_lines));
    }

    private DockerfileSource(DockerfileSource outer, int line, string text)
        : this(outer._path, text) => _outer = (outer, line);

    /// <summary>The number of lines; a line break at the end does not begin one.</summary>
    public int LineCount => _lines[^1].Length > 0 ? _lines.Length : _lines.Length - 1;

    /// <summary>The frontend in its syntax directive; null for BuildKit's own.</summary>
    public Frontend? Frontend => _outer is var (source, _) ? source.Frontend : _frontend.Value;

    /// <summary>A Dockerfile inside a line of this one, as with ONBUILD; errors in it are errors of that line.</summary>
    public DockerfileSource Embed(string text, int line) => new(this, line, text);

    /// <summary>A line without its line feed, but with a carriage return.</summary>
    /// <exception cref="CraneException">BuildFailed where it is too long for BuildKit.</exception>
    public string Line(int number)
    {
        var line = _lines[number - 1];
        if (line.Length > LineByteLimit / MaxBytesPerCharacter && Encoding.UTF8.GetByteCount(line) > LineByteLimit)
        {
            throw Error(number, $"the line is longer than {LineByteLimit} bytes", "Split it with a continuation, or move it into a file.");
        }

        return line;
    }

    /// <summary>Reads a part of a line.</summary>
    /// <exception cref="CraneException">BuildFailed where it is invalid.</exception>
    public T At<T>(int line, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (DockerfileError error)
        {
            throw Error(line, error.Message, error.Advice);
        }
    }

    /// <inheritdoc cref="At{T}"/>
    public void At(int line, Action read) => At(line, () =>
    {
        read();
        return true;
    });

    public CraneException Error(int line, string problem, string? advice = null, CraneErrorId id = CraneErrorId.BuildFailed)
    {
        if (_outer is var (source, outerLine))
            return source.Error(outerLine, problem, advice, id);
        var location = Locate(line);
        return new CraneException(id, $"{location}: {problem}.", advice) { Location = location };
    }

    public SourceLocation Locate(int line)
    {
        var text = _lines[line - 1].TrimEnd('\r');
        var column = text.Length - text.TrimStart().Length + 1;
        return new SourceLocation(_path, line, column, text.Length > ExcerptLength ? $"{text[..ExcerptLength]}…" : text);
    }
}

/// <summary>
/// An error in a part of a Dockerfile that does not know its location, which <see cref="DockerfileSource"/> adds. It never leaves
/// this namespace.
/// </summary>
/// <param name="problem">What is wrong, as a clause.</param>
/// <param name="advice">What to do, as a sentence; null where that is clear.</param>
internal sealed class DockerfileError(string problem, string? advice = null) : FormatException(problem)
{
    public string? Advice { get; } = advice;
}

/// <summary>Reads the text of a Dockerfile as UTF-8, as BuildKit always does. Invalid bytes become replacement characters.</summary>
internal static class DockerfileText
{
    private const string SaveAsUtf8 = "Save it as UTF-8, in PowerShell with Set-Content -Encoding utf8.";
    private const string SetFile = "Set 'file' in the build section, relative to the context; the default is 'Dockerfile'.";

    /// <exception cref="CraneException">BuildFailed where it does not exist, cannot be read, is too large or is UTF-16.</exception>
    public static string Read(string path)
    {
        try
        {
            return Decode(RegularFile.ReadAllBytes(path), path);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw Error(path, "does not exist", SetFile, exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Error(path, $"cannot be read: {exception.Message.TrimEnd('.')}", (exception as FileRefusedException)?.Advice, exception);
        }
    }

    private static string Decode(ReadOnlySpan<byte> bytes, string path) => bytes switch
    {
        [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..] => throw Error(path, "is UTF-16", SaveAsUtf8),
        _ => Encoding.UTF8.GetString(bytes),
    };

    private static CraneException Error(string path, string problem, string? advice, Exception? inner = null) =>
        new(CraneErrorId.BuildFailed, $"The Dockerfile {VisibleText.Quote(path)} {problem}.", advice, inner) { Subject = path };
}

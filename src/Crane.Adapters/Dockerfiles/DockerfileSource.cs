using System.Text;

namespace Crane.Adapters.Dockerfiles;

/// <summary>The text of a Dockerfile by lines, and the errors about them.</summary>
internal sealed class DockerfileSource
{
    // BuildKit's own bound, that of Go's line scanner.
    private const int LineByteLimit = (64 * 1024) - 1;
    private const int LongestCharacter = 3;

    // What an error shows of a line.
    private const int ExcerptLength = 1_000;

    private readonly string _path;
    private readonly string[] _lines;
    private readonly (DockerfileSource Source, int Line)? _outer;
    private readonly Lazy<Frontend?> _frontend;

    /// <param name="path">Full path of the file, for errors.</param>
    /// <param name="text">Its text.</param>
    public DockerfileSource(string path, string text)
    {
        const char byteOrderMark = '\uFEFF';
        _path = path;
        _lines = (text is [byteOrderMark, ..] ? text[1..] : text).Split('\n');
        _frontend = new(() => Frontend.Of(_lines));
    }

    private DockerfileSource(DockerfileSource outer, int line, string text)
        : this(outer._path, text) => _outer = (outer, line);

    /// <summary>How many lines there are; a line break at the end begins none.</summary>
    public int LineCount => _lines[^1].Length > 0 ? _lines.Length : _lines.Length - 1;

    /// <summary>The frontend that it names; null where it names none, and BuildKit's own reads it.</summary>
    public Frontend? Frontend => _outer is var (source, _) ? source.Frontend : _frontend.Value;

    /// <summary>A Dockerfile inside a line of this one, as ONBUILD holds one; errors in it are errors of that line.</summary>
    public DockerfileSource Embed(string text, int line) => new(this, line, text);

    /// <summary>A line without its line feed; a carriage return is still there.</summary>
    /// <exception cref="CraneException">BuildFailed where it is longer than BuildKit reads.</exception>
    public string Line(int number)
    {
        var line = _lines[number - 1];
        if (line.Length > LineByteLimit / LongestCharacter && Encoding.UTF8.GetByteCount(line) > LineByteLimit)
        {
            throw Error(
                number, $"the line is longer than {LineByteLimit} bytes",
                "Break it with a continuation, or put the text into a file.");
        }

        return line;
    }

    /// <summary>Reads something that belongs to a line.</summary>
    /// <exception cref="CraneException">BuildFailed where that is faulty.</exception>
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

    /// <summary>An error in a line.</summary>
    /// <param name="line">Counted from 1.</param>
    /// <param name="problem">What is wrong, as a clause.</param>
    /// <param name="advice">What to do, as a sentence.</param>
    /// <param name="id">A more specific id where there is one.</param>
    public CraneException Error(int line, string problem, string? advice = null, CraneErrorId id = CraneErrorId.BuildFailed)
    {
        if (_outer is var (source, outerLine))
            return source.Error(outerLine, problem, advice, id);
        var location = Locate(line);
        return new CraneException(id, $"{location}: {problem}.", advice) { Location = location };
    }

    /// <summary>Where in the file a line is.</summary>
    public SourceLocation Locate(int line)
    {
        var text = _lines[line - 1].TrimEnd('\r');
        var column = text.Length - text.TrimStart().Length + 1;
        return new SourceLocation(_path, line, column, text.Length > ExcerptLength ? $"{text[..ExcerptLength]}…" : text);
    }
}

/// <summary>
/// What is wrong with a piece of a Dockerfile, where the piece does not know its place; <see cref="DockerfileSource"/>
/// makes the error of it. It never leaves this folder.
/// </summary>
/// <param name="problem">What is wrong, as a clause.</param>
/// <param name="advice">What to do, as a sentence; null where the problem says it.</param>
internal sealed class DockerfileError(string problem, string? advice = null) : FormatException(problem)
{
    public string? Advice { get; } = advice;
}

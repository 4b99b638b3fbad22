using System.Text;
using Crane.CraneFile.Nodes;

namespace Crane.CraneFile.Variables;

/// <summary>
/// Reads a file of variables, one <c>NAME=value</c> in each line, as Compose reads it
/// (https://docs.docker.com/compose/how-tos/environment-variables/variable-interpolation/#env-file-syntax, compose-go's dotenv), but
/// strict: a variable in a value that is set nowhere is an error.
/// </summary>
internal sealed class EnvFile
{
    private const string Syntax = "Write NAME=value; quote a value with quotes, a # or line breaks in it; # begins a comment.";

    private readonly SourceFile _file;
    private readonly FileVariables _known;
    private readonly string _text;
    private int _at;

    private EnvFile(SourceFile file, IVariables outer, Dictionary<string, EnvValue> values)
    {
        _file = file;
        _text = file.Text;
        _known = new FileVariables(outer, values);
    }

    /// <summary>Adds the variables of a file to those of earlier ones, which it overrides.</summary>
    /// <param name="outer">Variables that win over those of files, also inside of values.</param>
    /// <exception cref="CraneException">InvalidValue for a line that is not an assignment.</exception>
    public static void Read(SourceFile file, IVariables outer, Dictionary<string, EnvValue> values) =>
        new EnvFile(file, outer, values).Read();

    private void Read()
    {
        while (SkipToName())
        {
            var start = _at;
            if (Name(start) is { } name)
                _known.Values[name] = Read(name, start);
        }
    }

    // An invalid value is an error only where it is used: the file may have many that are not for Crane.
    private EnvValue Read(string name, int start)
    {
        try
        {
            return new EnvValue(Value(name, start), null);
        }
        catch (CraneException error) when (error.Id != CraneErrorId.InvalidValue)
        {
            return new EnvValue("", error);
        }
    }

    // Spaces, empty lines, comments and `export`.
    private bool SkipToName()
    {
        while (_at < _text.Length)
        {
            if (char.IsWhiteSpace(_text[_at]))
                _at++;
            else if (_text[_at] is '#')
                _at = EndOfLine(_at);
            else
                break;
        }

        const string Export = "export";
        if (string.CompareOrdinal(_text, _at, Export, 0, Export.Length) == 0
            && _at + Export.Length < _text.Length && IsBlank(_text[_at + Export.Length]))
            _at = NotBlank(_at + Export.Length);
        return _at < _text.Length;
    }

    /// <summary>Reads a name and what separates it from its value; null for a name alone, whose value is that of the environment.</summary>
    private string? Name(int start)
    {
        while (_at < _text.Length && (char.IsLetterOrDigit(_text[_at]) || _text[_at] is '_' or '.' or '-' or '[' or ']'))
            _at++;
        var name = _text[start.._at];
        _at = NotBlank(_at);
        if (name.Length == 0)
            throw Invalid(start, "a variable must have a name");
        if (_at == _text.Length || _text[_at] is '\n')
            return null;
        if (_text[_at] is not ('=' or ':'))
            throw Invalid(_at, $"'=' must follow the name '{name}'");
        _at = NotBlank(_at + 1);
        return name;
    }

    private string Value(string name, int start)
    {
        if (_at == _text.Length)
            return "";
        if (_text[_at] is ('"' or '\'') and var quote)
            return quote is '"' ? Expand(name, start, Unescape(Quoted(quote))) : Quoted(quote);
        var line = _text[_at..EndOfLine(_at)];
        _at += line.Length;
        var comment = line.IndexOf(" #", StringComparison.Ordinal);
        return Expand(name, start, (comment < 0 ? line : line[..comment]).TrimEnd());
    }

    // A backslash keeps the quote from ending the value; it stays before everything else.
    private string Quoted(char quote)
    {
        var (open, value) = (_at++, new StringBuilder());
        for (; _at < _text.Length; _at++)
        {
            if (_text[_at] == quote)
            {
                _at++;
                return value.ToString();
            }

            if (_text[_at] is '\\' && _at + 1 < _text.Length)
            {
                _at++;
                if (_text[_at] != quote)
                    value.Append('\\');
            }

            value.Append(_text[_at]);
        }

        throw Invalid(open, $"the quote {quote} is not closed");
    }

    private static string Unescape(string value)
    {
        if (!value.Contains('\\', StringComparison.Ordinal))
            return value;
        var text = new StringBuilder(value.Length);
        for (var index = 0; index < value.Length; index++)
        {
            var escaped = value[index] is '\\' && index + 1 < value.Length ? Escaped(value[index + 1]) : null;
            text.Append(escaped ?? value[index].ToString());
            if (escaped is not null)
                index++;
        }

        return text.ToString();
    }

    // `$$` is how a dollar sign is written in what is expanded next.
    private static string? Escaped(char character) => character switch
    {
        'n' => "\n",
        'r' => "\r",
        't' => "\t",
        'a' => "\a",
        'b' => "\b",
        'f' => "\f",
        'v' => "\v",
        '\\' => "\\",
        '$' => "$$",
        _ => null,
    };

    private string Expand(string name, int start, string value)
    {
        var expanded = Interpolation.Read(value, _known, out var error);
        if (error is null && expanded.Empty is { } variable)
            error = new InterpolationError.Empty(variable, null);
        return error is null ? expanded.Text : throw Invalid(name, start, error);
    }

    // Neither the value nor a part of it is shown: it may be a password with a dollar sign.
    private CraneException Invalid(string name, int start, InterpolationError error)
    {
        var (id, problem) = error switch
        {
            InterpolationError.Invalid invalid => (CraneErrorId.InvalidInterpolation, $"has a '$', {invalid.Reason}"),
            InterpolationError.Empty => (CraneErrorId.EmptyVariable, "uses a variable that is set but empty"),
            _ => (CraneErrorId.UndefinedVariable, "uses a variable that is not set"),
        };
        return new CraneException(
            id, $"the value of {name} {problem}.",
            "Put the value in single quotes if the '$' is part of it. Otherwise set that variable, or write ${NAME:-} to allow it to be empty.")
            .At(Locate(start));
    }

    private int EndOfLine(int from) => _text.IndexOf('\n', from) is >= 0 and var end ? end : _text.Length;

    private int NotBlank(int from)
    {
        while (from < _text.Length && IsBlank(_text[from]))
            from++;
        return from;
    }

    private static bool IsBlank(char character) => character is not '\n' && char.IsWhiteSpace(character);

    private CraneException Invalid(int at, string problem) =>
        new CraneException(CraneErrorId.InvalidValue, $"{problem}.", Syntax).At(Locate(at));

    private SourceLocation Locate(int at)
    {
        var before = _text.AsSpan(0, at);
        return new SourceLocation(_file.Path, before.Count('\n') + 1, at - before.LastIndexOf('\n'), lineText: "");
    }
}

/// <summary>The value of a variable in a file, or why it has none.</summary>
internal sealed record EnvValue(string Text, CraneException? Error);

/// <summary>Variables, and those of files for what they do not say.</summary>
/// <param name="Outer">Variables that win.</param>
/// <param name="Values">Those of the files.</param>
internal sealed record FileVariables(IVariables Outer, Dictionary<string, EnvValue> Values) : IVariables
{
    /// <inheritdoc/>
    public string? Get(string name) => Outer.IsSaid(name) ? Outer.Get(name) : OfFile(name);

    /// <inheritdoc/>
    /// <exception cref="CraneException">The error of its value: UndefinedVariable, EmptyVariable or InvalidInterpolation.</exception>
    public string? OfFile(string name) => Outer.IsSaid(name) || !Values.TryGetValue(name, out var value) ? null
        : value.Error is null ? value.Text : throw value.Error;

    /// <inheritdoc/>
    public bool IsSaid(string name) => Outer.IsSaid(name) || Values.ContainsKey(name);

    /// <inheritdoc/>
    public IReadOnlyList<string> Files { get; init; } = [];
}

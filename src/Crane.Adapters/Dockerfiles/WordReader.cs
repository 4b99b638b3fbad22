using System.Text;

namespace Crane.Adapters.Dockerfiles;

/// <summary>
/// Reads quotes, escapes and variables as BuildKit's shell lexer does
/// (https://github.com/moby/buildkit/tree/master/frontend/dockerfile/shell), which only partly resembles a shell.
/// </summary>
internal sealed class WordReader
{
    // Deeper than anyone writes, and far from a stack overflow.
    private const int DepthLimit = 64;

    private readonly TextCursor _cursor;
    private readonly WordRules _rules;
    private readonly VariableReader _variables;
    private readonly StringBuilder _word = new();
    private int _depth;

    private WordReader(string text, WordRules rules, Func<string, string?> variables, ExpansionBudget budget)
    {
        _cursor = new(text);
        _rules = rules;
        _variables = new(_cursor, rules, variables, budget, ReadUntil);
    }

    /// <summary>Removes quotes and escapes, and expands variables.</summary>
    /// <exception cref="DockerfileError">An unclosed quote or brace, or a <c>${…}</c> that BuildKit does not support.</exception>
    public static string Expand(string text, WordRules rules, Func<string, string?> variables, ExpansionBudget budget) =>
        new WordReader(text, rules, variables, budget).Read(TextCursor.End, rules.KeepEscapes).Text;

    /// <summary>Splits a string without variables into words.</summary>
    /// <exception cref="DockerfileError">As <see cref="Expand"/>.</exception>
    public static IReadOnlyList<string> Split(string text, WordRules rules) =>
        new WordReader(text, rules, _ => null, new ExpansionBudget()).Read(TextCursor.End, rules.KeepEscapes).Words;

    // Reads the content of ${…}, up to an unquoted and unescaped character.
    private string ReadUntil(char stop, bool keepEscapes)
    {
        if (++_depth > DepthLimit)
            throw new DockerfileError($"variables are nested more than {DepthLimit} deep");
        var text = Read(stop, keepEscapes).Text;
        _depth--;
        return text;
    }

    private (string Text, IReadOnlyList<string> Words) Read(int stop, bool keepEscapes)
    {
        _word.Clear();
        var text = new StringBuilder();
        var words = new WordCollector(_word);
        while (_cursor.Peek() is var character && character != TextCursor.End)
        {
            if (character == stop)
            {
                _cursor.Next();
                return (text.ToString(), words.End());
            }

            switch ((char)character)
            {
                case '$':
                    var value = _variables.Read();
                    text.Append(value);
                    words.Add(value);
                    break;
                case '<':
                    Literal(ReadLess());
                    break;
                case '\'':
                    Literal(ReadSingle());
                    break;
                case '"':
                    Literal(ReadDouble(keepEscapes));
                    break;
                case var escape when escape == _rules.Escape:
                    Literal(ReadEscape(keepEscapes));
                    break;
                default:
                    _cursor.Next();
                    text.Append((char)character);
                    words.Add((char)character);
                    break;
            }
        }

        return stop == TextCursor.End
            ? (text.ToString(), words.End())
            : throw new DockerfileError($"missing '{(char)stop}' in '${{…}}'");

        void Literal(string literal)
        {
            text.Append(literal);
            words.AddLiteral(literal);
        }
    }

    private string ReadEscape(bool keepEscapes)
    {
        var escape = (char)_cursor.Next();
        var kept = keepEscapes ? escape.ToString() : "";
        return _cursor.Next() is var character && character == TextCursor.End ? kept : kept + (char)character;
    }

    // Spaces after `<<` belong to the name of a heredoc.
    private string ReadLess()
    {
        _cursor.Next();
        if (_cursor.Peek() != '<')
            return "<";
        var text = new StringBuilder("<<");
        _cursor.Next();
        while (_cursor.Peek() is '\t' or '\r' or ' ')
            text.Append((char)_cursor.Next());
        return text.ToString();
    }

    private string ReadSingle()
    {
        var text = new StringBuilder();
        var quote = (char)_cursor.Next();
        for (var character = _cursor.Next(); character != quote; character = _cursor.Next())
        {
            if (character == TextCursor.End)
                throw new DockerfileError("missing single quote");
            text.Append((char)character);
        }

        return Quoted(text, quote);
    }

    private string ReadDouble(bool keepEscapes)
    {
        var text = new StringBuilder();
        var quote = (char)_cursor.Next();
        while (_cursor.Peek() is var character && character != quote)
        {
            if (character == TextCursor.End)
                throw new DockerfileError("missing double quote");
            if (character == '$')
                text.Append(_variables.Read());
            else if (character == _rules.Escape)
                ReadQuotedEscape(text, keepEscapes);
            else
                text.Append((char)_cursor.Next());
        }

        _cursor.Next();
        return Quoted(text, quote);
    }

    // Only these characters are escaped; before others the escape character is literal, and at the end ignored.
    private void ReadQuotedEscape(StringBuilder text, bool keepEscapes)
    {
        _cursor.Next();
        if (keepEscapes)
            text.Append(_rules.Escape);
        var escaped = _cursor.Peek();
        if (escaped == '"' || escaped == '$' || escaped == _rules.Escape)
            text.Append((char)_cursor.Next());
        else if (escaped != TextCursor.End)
            text.Append(_rules.Escape);
    }

    private string Quoted(StringBuilder text, char quote) => _rules.KeepQuotes ? $"{quote}{text}{quote}" : text.ToString();
}

/// <summary>How words are read.</summary>
/// <param name="Escape">The escape character.</param>
internal sealed record WordRules(char Escape)
{
    public bool KeepQuotes { get; init; }

    /// <summary>Whether escape characters stay in the words.</summary>
    public bool KeepEscapes { get; init; }

    /// <summary>Whether an unset variable stays as written, instead of empty.</summary>
    public bool KeepUnset { get; init; }
}

/// <summary>Splits the input into words.</summary>
/// <param name="word">The current word. As in BuildKit, <c>${…}</c> shares it with the word around, which so starts again.</param>
internal sealed class WordCollector(StringBuilder word)
{
    private readonly List<string> _words = [];

    /// <summary>Adds a quoted or escaped string, in which spaces do not end the word.</summary>
    public void AddLiteral(string text) => word.Append(text);

    /// <summary>Adds a string, in which spaces end the word.</summary>
    public void Add(string text)
    {
        foreach (var character in text)
            Add(character);
    }

    public void Add(char character)
    {
        if (!char.IsWhiteSpace(character))
            word.Append(character);
        else
            EndWord();
    }

    public IReadOnlyList<string> End()
    {
        EndWord();
        return _words;
    }

    private void EndWord()
    {
        if (word.Length > 0)
            _words.Add(word.ToString());
        word.Clear();
    }
}

/// <summary>Reads a string character by character.</summary>
internal sealed class TextCursor(string text)
{
    public const int End = -1;

    // Go's scanner skips a byte order mark before the first character.
    private int _next = text is ['\uFEFF', ..] ? 1 : 0;

    public int Peek() => _next < text.Length ? text[_next] : End;

    public int Next() => _next < text.Length ? text[_next++] : End;
}

using System.Text;

namespace Crane.Adapters.Dockerfiles;

/// <summary>
/// Quotes, escapes and variables of one text, as BuildKit's shell lexer reads them
/// (https://github.com/moby/buildkit/tree/master/frontend/dockerfile/shell). It resembles a shell in part only.
/// </summary>
internal sealed class WordReader
{
    // Deeper than anyone writes, and far from the end of the stack.
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

    /// <summary>The text with its quotes and escapes taken off and its variables expanded.</summary>
    /// <param name="text">What is written.</param>
    /// <param name="rules">How it is read.</param>
    /// <param name="variables">The value of a variable; null where it is not set.</param>
    /// <param name="budget">What the values may cost.</param>
    /// <exception cref="DockerfileError">A quote or brace without its end, a <c>${…}</c> that BuildKit does not know.</exception>
    public static string Expand(string text, WordRules rules, Func<string, string?> variables, ExpansionBudget budget) =>
        new WordReader(text, rules, variables, budget).Read(TextCursor.End, rules.KeepEscapes).Text;

    /// <summary>The words of a text without variables.</summary>
    /// <exception cref="DockerfileError">As for <see cref="Expand"/>.</exception>
    public static IReadOnlyList<string> Split(string text, WordRules rules) =>
        new WordReader(text, rules, _ => null, new ExpansionBudget()).Read(TextCursor.End, rules.KeepEscapes).Words;

    // What stands inside ${…}, up to a character that is not quoted or escaped.
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
            : throw new DockerfileError($"a '{(char)stop}' is missing in '${{…}}'");

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
                throw new DockerfileError("a single quote is missing");
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
                throw new DockerfileError("a double quote is missing");
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

    // Only these characters are escaped; before others the escape character stands for itself, and at the end for nothing.
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

/// <summary>How words are taken apart.</summary>
/// <param name="Escape">What makes the next character literal.</param>
internal sealed record WordRules(char Escape)
{
    public bool KeepQuotes { get; init; }

    /// <summary>Escape characters stay in the words.</summary>
    public bool KeepEscapes { get; init; }

    /// <summary>A variable that is not set stays as it is written, rather than to come out empty.</summary>
    public bool KeepUnset { get; init; }
}

/// <summary>Splits what is read into words.</summary>
/// <param name="word">
/// The word being read. As in BuildKit, what stands inside <c>${…}</c> shares it with the word around, which so begins anew
/// there.
/// </param>
internal sealed class WordCollector(StringBuilder word)
{
    private readonly List<string> _words = [];

    /// <summary>Adds what is quoted or escaped: spaces do not end the word.</summary>
    public void AddLiteral(string text) => word.Append(text);

    /// <summary>Adds what may hold spaces between words.</summary>
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

/// <summary>Reads a text character by character.</summary>
internal sealed class TextCursor(string text)
{
    /// <summary>What is read at the end.</summary>
    public const int End = -1;

    // Go's scanner skips a byte order mark before the first character.
    private int _next = text is ['\uFEFF', ..] ? 1 : 0;

    public int Peek() => _next < text.Length ? text[_next] : End;

    public int Next() => _next < text.Length ? text[_next++] : End;
}

using System.Text;

namespace Crane.Adapters.Building.Dockerfiles.Words;

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
    private readonly QuoteReader _quotes;
    private readonly StringBuilder _word = new();
    private int _depth;

    private WordReader(string text, WordRules rules, Func<string, string?> variables, ExpansionBudget budget)
    {
        _cursor = new(text);
        _rules = rules;
        _variables = new(_cursor, rules, variables, budget, ReadUntil);
        _quotes = new(_cursor, rules, _variables);
    }

    /// <summary>The text with its quotes and escapes taken off and its variables expanded.</summary>
    /// <param name="text">What is written.</param>
    /// <param name="rules">How it is read.</param>
    /// <param name="variables">The value of a variable; null where it is not set.</param>
    /// <param name="budget">What the values may cost.</param>
    /// <exception cref="DockerfileFault">A quote or brace without its end, a <c>${…}</c> that BuildKit does not know.</exception>
    public static string Expand(string text, WordRules rules, Func<string, string?> variables, ExpansionBudget budget) =>
        new WordReader(text, rules, variables, budget).Read(TextCursor.End, rules.KeepEscapes).Text;

    /// <summary>The words of a text without variables.</summary>
    /// <exception cref="DockerfileFault">As for <see cref="Expand"/>.</exception>
    public static IReadOnlyList<string> Split(string text, WordRules rules) =>
        new WordReader(text, rules, _ => null, new ExpansionBudget()).Read(TextCursor.End, rules.KeepEscapes).Words;

    // What stands inside ${…}, up to a character that is not quoted or escaped.
    private string ReadUntil(char stop, bool keepEscapes)
    {
        if (++_depth > DepthLimit)
            throw new DockerfileFault($"variables are nested more than {DepthLimit} deep");
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
                    Literal(_quotes.ReadSingle());
                    break;
                case '"':
                    Literal(_quotes.ReadDouble(keepEscapes));
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
            : throw new DockerfileFault($"a '{(char)stop}' is missing in '${{…}}'");

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
}

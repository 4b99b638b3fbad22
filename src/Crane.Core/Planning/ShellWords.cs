using System.Text;

namespace Crane.Planning;

/// <summary>
/// Splits a command into words as a POSIX shell does (IEEE 1003.1, Shell Command Language, 2.2 Quoting and 2.3 Token Recognition), for
/// running it without a shell. Anything else that a shell would do is an error, so that a command means the same with and without one. Only
/// patterns stay as they are, as a shell leaves a pattern without a match.
/// </summary>
internal sealed class ShellWords
{
    private const string Blank = " \t";
    private const string Operators = "|&;<>()\n";
    private const string SpecialParameters = "@*#?-$!";

    private readonly string _text;
    private readonly List<string> _words = [];
    private readonly StringBuilder _word = new();
    private bool _isInWord;
    private int _index;

    private ShellWords(string command) => _text = command.Replace("\r\n", "\n", StringComparison.Ordinal);

    private char Next => _index + 1 < _text.Length ? _text[_index + 1] : '\0';

    /// <summary>Returns the words; none for a blank command.</summary>
    /// <exception cref="FormatException">What is wrong, as the end of a sentence.</exception>
    public static IReadOnlyList<string> Split(string command)
    {
        var words = new ShellWords(command);
        words.Read();
        return words._words;
    }

    private void Read()
    {
        for (; _index < _text.Length; _index++)
        {
            var character = _text[_index];
            if (Blank.Contains(character, StringComparison.Ordinal) || IsBlankLine(character))
            {
                End();
                continue;
            }

            Refuse(character, isQuoted: false);
            if (character is '\\' && Next is '\n')
            {
                _index++;
                continue;
            }

            _isInWord = true;
            if (character is '\'')
                ReadSingleQuotes();
            else if (character is '"')
                ReadDoubleQuotes();
            else
                _word.Append(character is '\\' ? Escaped() : character);
        }

        End();
    }

    // A YAML block ends with a line break; only between two commands it is an operator.
    private bool IsBlankLine(char character) => character is '\n' && ((_words is [] && !_isInWord) || _text.AsSpan(_index).IsWhiteSpace());

    private void End()
    {
        if (_isInWord)
            _words.Add(_word.ToString());
        _word.Clear();
        _isInWord = false;
    }

    private char Escaped() => ++_index < _text.Length ? _text[_index] : throw Invalid("ends with a backslash");

    private void ReadSingleQuotes()
    {
        var end = _text.IndexOf('\'', _index + 1);
        if (end < 0)
            throw Unclosed('\'');
        _word.Append(_text, _index + 1, end - _index - 1);
        _index = end;
    }

    private void ReadDoubleQuotes()
    {
        while (++_index < _text.Length && _text[_index] is not '"')
        {
            Refuse(_text[_index], isQuoted: true);
            if (_text[_index] is not '\\')
                _word.Append(_text[_index]);
            else if (Next is '$' or '`' or '"' or '\\')
                _word.Append(_text[++_index]);
            else if (Next is '\n')
                _index++;
            else
                _word.Append('\\');
        }

        if (_index >= _text.Length)
            throw Unclosed('"');
    }

    private void Refuse(char character, bool isQuoted)
    {
        if (character is '\0')
            throw Invalid("has a null character, which cannot be passed to a program");
        if (character is '`')
            throw Invalid("has a '`', which a shell would replace by a command's output");
        if (character is '$' && IsExpansion(isQuoted))
            throw Invalid("has a '$', which a shell would replace by a value");
        if (isQuoted)
            return;

        if (Operators.Contains(character, StringComparison.Ordinal))
        {
            throw Invalid(character is '\n'
                ? "has several lines, which are several commands to a shell"
                : $"has a '{character}', which is a shell operator");
        }

        if (character is '#' && !_isInWord)
            throw Invalid("has a '#', which begins a comment in a shell");
        if (character is '~' && !_isInWord)
            throw Invalid("has a '~', which a shell would replace by a directory");
    }

    private bool IsExpansion(bool isQuoted)
    {
        // A shell removes a backslash and line break before it reads on.
        var after = _index + 1;
        while (_text.AsSpan(Math.Min(after, _text.Length)).StartsWith("\\\n"))
            after += 2;
        var next = after < _text.Length ? _text[after] : '\0';
        return char.IsAsciiLetterOrDigit(next) || next is '_' or '{' or '(' || (next is '\'' && !isQuoted)
            || SpecialParameters.Contains(next, StringComparison.Ordinal);
    }

    private static FormatException Unclosed(char quote) => Invalid($"has a {quote} that is not closed");

    private static FormatException Invalid(string problem) => new(problem);
}

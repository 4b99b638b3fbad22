using System.Text;

namespace Crane.Planning;

/// <summary>
/// Splits a command into its words as a POSIX shell does (IEEE 1003.1, Shell Command Language, 2.2 Quoting and 2.3 Token
/// Recognition), for running it without a shell. What a shell would do beyond that is refused, so that whatever is taken
/// means the same here and there; only patterns stay as they are, as a shell leaves one that matches nothing.
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

    /// <summary>The words; none where the command is blank.</summary>
    /// <exception cref="FormatException">What a shell would do with it, as the end of a sentence.</exception>
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

    // A block of YAML ends with a line break; between two commands it is an operator.
    private bool IsBlankLine(char character) =>
        character is '\n' && ((_words is [] && !_isInWord) || _text.AsSpan(_index).IsWhiteSpace());

    private void End()
    {
        if (_isInWord)
            _words.Add(_word.ToString());
        _word.Clear();
        _isInWord = false;
    }

    private char Escaped() => ++_index < _text.Length ? _text[_index] : throw Fault("ends with a backslash that quotes nothing");

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
            throw Fault("has a NUL character, which no program can be given");
        if (character is '`')
            throw Fault("has a '`', which a shell would run a command for");
        if (character is '$' && IsExpansion(isQuoted))
            throw Fault("has a '$', which a shell would put a value in the place of");
        if (isQuoted)
            return;

        if (Operators.Contains(character, StringComparison.Ordinal))
        {
            throw Fault(character is '\n'
                ? "has several lines, which are several commands to a shell"
                : $"has a '{character}', which is an operator of a shell");
        }

        if (character is '#' && !_isInWord)
            throw Fault("has a '#', which begins a comment in a shell");
        if (character is '~' && !_isInWord)
            throw Fault("has a '~', which a shell would put a folder in the place of");
    }

    private bool IsExpansion(bool isQuoted) =>
        char.IsAsciiLetterOrDigit(Next) || Next is '_' or '{' or '(' || (Next is '\'' && !isQuoted)
        || SpecialParameters.Contains(Next, StringComparison.Ordinal);

    private static FormatException Unclosed(char quote) => Fault($"has a {quote} that is not closed");

    private static FormatException Fault(string what) => new(what);
}

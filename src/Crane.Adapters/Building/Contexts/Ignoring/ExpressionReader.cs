using System.Globalization;

namespace Crane.Adapters.Building;

/// <summary>Reads the text of an expression from left to right: characters, escapes and classes.</summary>
internal sealed class ExpressionReader(string text)
{
    private const int LastRune = 0x10FFFF;

    public int At { get; private set; }

    public bool IsAtEnd => At == text.Length;

    /// <summary>The UTF-16 unit at that distance; NUL behind the end, which no syntax asks for.</summary>
    public char Peek(int distance = 0) => At + distance < text.Length ? text[At + distance] : '\0';

    public void Skip(int count) => At += count;

    /// <summary>Skips the text if it comes next.</summary>
    public bool TrySkip(string expected)
    {
        if (!text.AsSpan(At).StartsWith(expected, StringComparison.Ordinal))
            return false;
        At += expected.Length;
        return true;
    }

    /// <summary>Skips to behind the text and gives what stood before; null, and nothing is skipped, where it never comes.</summary>
    public string? Until(string end)
    {
        var found = text.IndexOf(end, At, StringComparison.Ordinal);
        if (found < 0)
            return null;
        var before = text[At..found];
        At = found + end.Length;
        return before;
    }

    /// <summary>Skips all that is left and gives it.</summary>
    public string Rest()
    {
        var rest = text[At..];
        At = text.Length;
        return rest;
    }

    /// <summary>The next character.</summary>
    public int Rune()
    {
        System.Text.Rune.DecodeFromUtf16(text.AsSpan(At), out var rune, out var length);
        At += length;
        return rune.Value;
    }

    /// <summary>A number as in repetitions, without leading zeros; null, and nothing is skipped, where there is none.</summary>
    public int? Number()
    {
        var length = 0;
        while (char.IsAsciiDigit(Peek(length)))
            length++;
        if (length == 0 || (length > 1 && Peek() == '0'))
            return null;
        var digits = text.AsSpan(At, length);
        At += length;
        return length > 8 ? int.MaxValue : int.Parse(digits, CultureInfo.InvariantCulture);
    }

    /// <summary>A class of the form <c>\d</c>, <c>\S</c>, …; null, and nothing is skipped, where none comes.</summary>
    /// <exception cref="FormatException">A Unicode class, which this engine has no tables for.</exception>
    public RuneSet? EscapedClass()
    {
        if (Peek() != '\\')
            return null;
        var letter = Peek(1);
        if (letter is 'p' or 'P')
            throw new FormatException($@"'\{letter}' is the start of a Unicode class, which is not supported here");
        if (letter is not ('d' or 'D' or 's' or 'S' or 'w' or 'W'))
            return null;
        At += 2;
        var set = RuneSet.Named(char.ToLowerInvariant(letter).ToString())!;
        return char.IsAsciiLetterUpper(letter) ? set.Complement() : set;
    }

    /// <summary>The character that an escape means.</summary>
    /// <exception cref="FormatException">No escape of Go's regular expressions.</exception>
    public int Escape()
    {
        var start = At++;
        var letter = IsAtEnd ? throw new FormatException("it ends in a backslash, which escapes nothing") : Rune();
        return letter switch
        {
            < 128 when !char.IsAsciiLetterOrDigit((char)letter) => letter,
            '0' => Octal(letter),
            >= '1' and <= '7' when Peek() is >= '0' and <= '7' => Octal(letter),
            'x' when Hexadecimal() is { } value => value,
            'a' => '\a',
            'f' => '\f',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'v' => '\v',
            _ => throw new FormatException($"'{text[start..At]}' is not an escape; a folder is set off by '/'"),
        };
    }

    private int Octal(int first)
    {
        var value = first - '0';
        for (var count = 1; count < 3 && Peek() is >= '0' and <= '7'; count++)
            value = (value * 8) + text[At++] - '0';
        return value;
    }

    private int? Hexadecimal()
    {
        var isBraced = TrySkip("{");
        var (value, start) = (0, At);
        while (char.IsAsciiHexDigit(Peek()) && value <= LastRune && (isBraced || At < start + 2))
            value = (value * 16) + Convert.ToInt32(text[At++].ToString(), 16);
        var isComplete = isBraced ? At > start && TrySkip("}") : At == start + 2;
        return isComplete && value <= LastRune ? value : null;
    }
}

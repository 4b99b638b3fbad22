using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Crane.Adapters.Contexts;

/// <summary>
/// Translates Go's regular expressions to .NET's, as far as an ignore pattern can contain them. Go matches code points, .NET
/// UTF-16 code units; Go's classes are ASCII; and some escapes and braces differ.
/// </summary>
internal sealed class GoExpression
{
    /// <summary>Any directories with a slash at the end, or none: the only supported group.</summary>
    public const string AnyDirectories = "(.*/)?";

    private const int MaxRepetitions = 1000;

    // Compiling for linear time takes milliseconds; with that few loops, backtracking cannot take long either.
    private const int FewLoops = 2;
    private const int LastRune = 0x10FFFF;

    // Two characters per range.
    private static readonly Dictionary<string, string> Classes = new(StringComparer.Ordinal)
    {
        ["alnum"] = "09AZaz",
        ["alpha"] = "AZaz",
        ["ascii"] = "\0\x7F",
        ["blank"] = "\t\t  ",
        ["cntrl"] = "\0\x1F\x7F\x7F",
        ["digit"] = "09",
        ["graph"] = "!~",
        ["lower"] = "az",
        ["print"] = " ~",
        ["punct"] = "!/:@[`{~",
        ["space"] = "\t\r  ",
        ["upper"] = "AZ",
        ["word"] = "09AZ__az",
        ["xdigit"] = "09AFaf",
        ["d"] = "09",
        ["s"] = "\t\n\f\r  ",
        ["w"] = "09AZ__az",
    };

    private readonly string _text;
    private readonly StringBuilder _output = new();
    private int _at;
    private int _loops;
    private bool _isRepeatable;

    private GoExpression(string text) => _text = text;

    private char Next => Peek(0);

    /// <summary>Compiles an expression. Matching takes bounded time for every expression.</summary>
    /// <exception cref="FormatException">Not a valid expression.</exception>
    public static Regex Compile(string text)
    {
        var expression = new GoExpression(text);
        while (expression._at < text.Length)
            expression.ReadPart();
        try
        {
            var options = expression._loops > FewLoops ? RegexOptions.NonBacktracking : RegexOptions.None;
            return new Regex(expression._output.ToString(), options | RegexOptions.CultureInvariant);
        }
        catch (NotSupportedException tooLarge)
        {
            throw new FormatException("it has too many repetitions", tooLarge);
        }
    }

    private void ReadPart()
    {
        var wasRepeatable = _isRepeatable;
        _isRepeatable = false;
        _loops++;
        switch (Next)
        {
            case '(' when TrySkip(AnyDirectories):
                _output.Append("(?:.*/)?");
                break;
            // Any number of characters: surrogate pairs need no special treatment.
            case '[' when TrySkip("[^/]*"):
                _output.Append("[^/]*");
                break;
            case '.' when TrySkip(".*"):
                _output.Append(".*");
                break;
            // A branch may start anywhere.
            case '*' or '|':
                _output.Append(_text[_at++]);
                break;
            case '{' when Repetition() is { } repetition:
                if (!wasRepeatable)
                    throw new FormatException("'{…}' has nothing to repeat, or something that is repeated already");
                _output.Append(repetition);
                break;
            default:
                _isRepeatable = true;
                _loops--;
                ReadSingle();
                break;
        }
    }

    private void ReadSingle()
    {
        switch (Next)
        {
            case '^' or '$':
                _output.Append(_text[_at++] == '^' ? @"\A" : @"\z");
                break;
            case '\\' when Peek(1) is 'A' or 'z' or 'b' or 'B':
                _output.Append(_text, _at, 2);
                _at += 2;
                break;
            case '\\' when TrySkip(@"\Q"):
                foreach (var rune in (Until(@"\E") ?? _text[_at..(_at = _text.Length)]).EnumerateRunes())
                    Append([(rune.Value, rune.Value)]);
                break;
            case '[':
                Append(Class());
                break;
            default:
                Append(EscapedClass() ?? [Character() is var character ? (character, character) : default]);
                break;
        }
    }

    /// <summary>Writes a set of code points; those above U+FFFF as surrogate pairs.</summary>
    private void Append(IEnumerable<(int Low, int High)> ranges)
    {
        var (units, pairs) = (new StringBuilder(), new StringBuilder());
        foreach (var (low, high) in ranges)
        {
            Range(units, low, Math.Min(high, 0xD7FF));
            Range(units, Math.Max(low, 0xE000), Math.Min(high, 0xFFFF));
            for (int from = Math.Max(low, 0x10000), to; from <= high; from = to + 1)
            {
                // Either whole blocks of low surrogates, or the rest of one high surrogate.
                to = (from & 0x3FF) == 0 && (from | 0x3FF) <= high ? ((high + 1) & ~0x3FF) - 1 : Math.Min(high, from | 0x3FF);
                Range(pairs.Append("|["), 0xD7C0 + (from >> 10), 0xD7C0 + (to >> 10));
                Range(pairs.Append("]["), 0xDC00 + (from & 0x3FF), 0xDC00 + (to & 0x3FF)).Append(']');
            }
        }

        var unit = units.Length > 0 ? $"[{units}]" : @"[^\0-\uFFFF]";
        _output.Append(pairs.Length > 0 ? $"(?:{unit}{pairs})" : unit);

        static StringBuilder Range(StringBuilder text, int low, int high) => low > high ? text
            : text.Append(CultureInfo.InvariantCulture, $@"\u{low:X4}-\u{high:X4}");
    }

    // `{n}`, `{n,}` or `{n,m}`; null, without skipping anything, for a literal brace.
    private string? Repetition()
    {
        var match = Regex.Match(_text[_at..], @"\A\{(0|[1-9][0-9]*)(?:,(0|[1-9][0-9]*)?)?\}", RegexOptions.CultureInvariant);
        if (!match.Success)
            return null;
        _at += match.Length;
        var (least, most) = (Number(match.Groups[1]), Number(match.Groups[2]));
        return least <= MaxRepetitions && !(most > MaxRepetitions) && !(most < least) ? match.Value
            : throw new FormatException($"'{{…}}' allows at most {MaxRepetitions} repetitions, the smaller number first");

        static int? Number(Group digits) => !digits.Success ? null
            : int.TryParse(digits.ValueSpan, CultureInfo.InvariantCulture, out var number) ? number : int.MaxValue;
    }

    private IReadOnlyList<(int Low, int High)> Class()
    {
        _at++;
        var isNegated = TrySkip("^");
        var set = new List<(int, int)>();
        // A closing bracket in first position is literal.
        for (var isFirst = true; isFirst || Next != ']'; isFirst = false)
        {
            if ((NamedClass() ?? EscapedClass()) is { } named)
            {
                set.AddRange(named);
                continue;
            }

            var low = ClassCharacter();
            // A hyphen before the closing bracket is literal.
            var high = Next == '-' && Peek(1) is not (']' or '\0') && TrySkip("-") ? ClassCharacter() : low;
            if (high < low)
                throw new FormatException($"a range in '[…]' is reversed: from '{(char)low}' to '{(char)high}'");
            set.Add((low, high));
        }

        _at++;
        return isNegated ? Complement(set) : set;
    }

    private int ClassCharacter() => _at < _text.Length ? Character() : throw new FormatException("'[' is not closed by ']'");

    // `[:name:]` or `[:^name:]`.
    private IReadOnlyList<(int Low, int High)>? NamedClass()
    {
        var start = _at;
        if (!TrySkip("[:"))
            return null;
        if (Until(":]") is { } name)
        {
            return name.TrimStart('^') is { Length: > 1 } known && Named(known, isNegated: name[0] == '^') is { } set ? set
                : throw new FormatException($"unknown character class '[:{name}:]'");
        }

        _at = start;
        return null;
    }

    // `\d`, `\S` and the like.
    private IReadOnlyList<(int Low, int High)>? EscapedClass()
    {
        if (Next != '\\')
            return null;
        var letter = Peek(1);
        if (letter is 'p' or 'P')
            throw new FormatException($@"Unicode classes such as '\{letter}' are not supported");
        if (letter is not ('d' or 'D' or 's' or 'S' or 'w' or 'W'))
            return null;
        _at += 2;
        return Named(char.ToLowerInvariant(letter).ToString(), char.IsAsciiLetterUpper(letter));
    }

    private static IReadOnlyList<(int Low, int High)>? Named(string name, bool isNegated)
    {
        if (!Classes.TryGetValue(name, out var pairs))
            return null;
        var set = pairs.Chunk(2).Select(pair => ((int)pair[0], (int)pair[1])).ToList();
        return isNegated ? Complement(set) : set;
    }

    private static List<(int Low, int High)> Complement(IEnumerable<(int Low, int High)> ranges)
    {
        var (others, next) = (new List<(int, int)>(), 0);
        foreach (var (low, high) in ranges.Order().Append((LastRune + 1, LastRune + 1)))
        {
            if (next < low)
                others.Add((next, low - 1));
            next = Math.Max(next, high + 1);
        }

        return others;
    }

    /// <summary>The next character, or that of an escape sequence.</summary>
    private int Character()
    {
        var start = _at;
        var letter = Rune();
        if (letter != '\\')
            return letter;
        letter = _at < _text.Length ? Rune() : throw new FormatException("it ends with a backslash that escapes nothing");
        return letter switch
        {
            < 128 when !char.IsAsciiLetterOrDigit((char)letter) => letter,
            '0' => Octal(letter),
            >= '1' and <= '7' when Next is >= '0' and <= '7' => Octal(letter),
            'x' when Hexadecimal() is { } value => value,
            'a' => '\a',
            'f' => '\f',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'v' => '\v',
            _ => throw new FormatException($"'{_text[start.._at]}' is not an escape sequence; folders are separated by '/'"),
        };
    }

    private int Octal(int first)
    {
        var value = first - '0';
        for (var count = 1; count < 3 && Next is >= '0' and <= '7'; count++)
            value = (value * 8) + _text[_at++] - '0';
        return value;
    }

    private int? Hexadecimal()
    {
        var isBraced = TrySkip("{");
        var (value, start) = (0, _at);
        while (char.IsAsciiHexDigit(Next) && value <= LastRune && (isBraced || _at < start + 2))
            value = (value * 16) + Convert.ToInt32(_text[_at++].ToString(), 16);
        var isComplete = isBraced ? _at > start && TrySkip("}") : _at == start + 2;
        return isComplete && value <= LastRune ? value : null;
    }

    private int Rune()
    {
        System.Text.Rune.DecodeFromUtf16(_text.AsSpan(_at), out var rune, out var length);
        _at += length;
        return rune.Value;
    }

    // NUL after the end, which is part of no syntax.
    private char Peek(int distance) => _at + distance < _text.Length ? _text[_at + distance] : '\0';

    private bool TrySkip(string expected)
    {
        var comesNext = string.CompareOrdinal(_text, _at, expected, 0, expected.Length) == 0;
        _at += comesNext ? expected.Length : 0;
        return comesNext;
    }

    // The text before an end mark, which is skipped too; null, without skipping anything, where there is none.
    private string? Until(string end)
    {
        var found = _text.IndexOf(end, _at, StringComparison.Ordinal);
        if (found < 0)
            return null;
        var before = _text[_at..found];
        _at = found + end.Length;
        return before;
    }
}

namespace Crane.Adapters.Building;

/// <summary>
/// Compiles what <see cref="PatternTranslation"/> makes: the part of Go's regular expressions that a pattern can bring up.
/// Its only group is <see cref="PatternTranslation.AnyFolders"/>.
/// </summary>
internal sealed class ExpressionParser
{
    private const int MostRepetitions = 1000;
    private const int MostSteps = 100_000;

    private readonly ExpressionReader _reader;
    private readonly List<Step> _steps = [];
    private readonly List<int> _branches = [0];

    // Where the part starts that a repetition would repeat; null where there is none.
    private int? _part;
    private bool _isRepeated;

    private ExpressionParser(string text) => _reader = new ExpressionReader(text);

    /// <exception cref="FormatException">Not an expression; the message says why.</exception>
    public static Expression Parse(string text)
    {
        var parser = new ExpressionParser(text);
        while (!parser._reader.IsAtEnd)
            parser.ReadPart();
        parser.Add(new Step(StepKind.Match));
        return new Expression([.. parser._steps], [.. parser._branches]);
    }

    private void ReadPart()
    {
        var wasRepeated = _isRepeated;
        _isRepeated = false;
        switch (_reader.Peek())
        {
            case '(' when _reader.TrySkip(PatternTranslation.AnyFolders):
                Part(new Step(StepKind.Take, RuneSet.AnyButLineFeed));
                Repeat(0, null);
                Add(new Step(StepKind.Take, RuneSet.Of('/')));
                Repeat(0, 1);
                break;
            case '*':
                _reader.Skip(1);
                Repeat(0, null);
                break;
            case '{' when Repetition() is (var least, var most):
                Check(least, most, wasRepeated);
                Repeat(least, most);
                break;
            case '|':
                _reader.Skip(1);
                Add(new Step(StepKind.Match));
                _branches.Add(_steps.Count);
                _part = null;
                break;
            default:
                ReadSingle();
                break;
        }
    }

    private void ReadSingle()
    {
        switch (_reader.Peek())
        {
            case '^':
                Skip(1, StepKind.TextStart);
                break;
            case '$':
                Skip(1, StepKind.TextEnd);
                break;
            case '.':
                _reader.Skip(1);
                Part(new Step(StepKind.Take, RuneSet.AnyButLineFeed));
                break;
            case '[':
                Part(new Step(StepKind.Take, CharacterClass.Read(_reader)));
                break;
            case '\\':
                ReadEscape();
                break;
            default:
                Part(new Step(StepKind.Take, RuneSet.Of(_reader.Rune())));
                break;
        }
    }

    private void ReadEscape()
    {
        switch (_reader.Peek(1))
        {
            case 'A':
                Skip(2, StepKind.TextStart);
                break;
            case 'z':
                Skip(2, StepKind.TextEnd);
                break;
            case 'b':
                Skip(2, StepKind.WordBoundary);
                break;
            case 'B':
                Skip(2, StepKind.NoWordBoundary);
                break;
            case 'Q':
                _reader.Skip(2);
                foreach (var rune in (_reader.Until(@"\E") ?? _reader.Rest()).EnumerateRunes())
                    Part(new Step(StepKind.Take, RuneSet.Of(rune.Value)));
                break;
            default:
                Part(new Step(StepKind.Take, _reader.EscapedClass() ?? RuneSet.Of(_reader.Escape())));
                break;
        }
    }

    private void Skip(int count, StepKind kind)
    {
        _reader.Skip(count);
        Part(new Step(kind));
    }

    // `{n}`, `{n,}` or `{n,m}`; null, and nothing is skipped, where the brace is just a brace.
    private (int Least, int? Most)? Repetition()
    {
        var start = _reader.At;
        _reader.Skip(1);
        if (_reader.Number() is { } least)
        {
            int? most = least;
            if (_reader.TrySkip(","))
                most = _reader.Peek() == '}' ? null : _reader.Number() ?? -1;
            if (most != -1 && _reader.TrySkip("}"))
                return (least, most);
        }

        _reader.Skip(start - _reader.At);
        return null;
    }

    private void Check(int least, int? most, bool wasRepeated)
    {
        if (_part is null || wasRepeated)
            throw new FormatException("'{…}' repeats nothing, or what is repeated already");
        if (least > MostRepetitions || most > MostRepetitions || most < least)
            throw new FormatException($"'{{…}}' must say at most {MostRepetitions} repetitions, the smaller number first");
    }

    private void Part(Step step)
    {
        _part = _steps.Count;
        Add(step);
    }

    // The part is the last of the steps: it is taken off, and put back as often as is said.
    private void Repeat(int least, int? most)
    {
        var start = _part!.Value;
        var part = _steps.GetRange(start, _steps.Count - start);
        _steps.RemoveRange(start, part.Count);
        for (var count = 0; count < least; count++)
            AddRange(part);
        if (most is null)
        {
            Add(new Step(StepKind.Fork, Jump: part.Count + 2));
            AddRange(part);
            Add(new Step(StepKind.Jump, Jump: -part.Count - 1));
        }

        for (var count = least; count < most; count++)
        {
            Add(new Step(StepKind.Fork, Jump: part.Count + 1));
            AddRange(part);
        }

        _isRepeated = true;
    }

    private void AddRange(List<Step> steps)
    {
        foreach (var step in steps)
            Add(step);
    }

    private void Add(Step step)
    {
        if (_steps.Count == MostSteps)
            throw new FormatException("its repetitions are too many");
        _steps.Add(step);
    }
}

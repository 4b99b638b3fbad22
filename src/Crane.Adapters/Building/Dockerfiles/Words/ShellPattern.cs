using System.Text;
using Crane.Errors;

namespace Crane.Adapters.Building.Dockerfiles.Words;

/// <summary>
/// A shell pattern of <c>*</c> and <c>?</c>, without brackets, as in <c>${A#pattern}</c>. A match never goes over a line
/// break.
/// </summary>
internal sealed class ShellPattern
{
    // The pieces between the stars.
    private readonly List<List<Piece>> _segments;
    private readonly ExpansionBudget _budget;

    private ShellPattern(List<List<Piece>> segments, ExpansionBudget budget)
    {
        _segments = segments;
        _budget = budget;
    }

    /// <param name="text">The pattern as written.</param>
    /// <param name="budget">What comparing may cost.</param>
    /// <exception cref="DockerfileFault">A backslash before another character than <c>* ? \ } /</c>.</exception>
    public static ShellPattern Parse(string text, ExpansionBudget budget)
    {
        budget.Spend(text.Length);
        var segments = new List<List<Piece>> { new() };
        for (var index = 0; index < text.Length; index++)
        {
            var character = text[index];
            if (character == '*')
                segments.Add([]);
            else if (character == '\\')
                segments[^1].Add(new(Escaped(text, ++index), IsAny: false));
            else
                segments[^1].Add(new(character, IsAny: character == '?'));
        }

        return new(segments, budget);
    }

    /// <summary>The value without the shortest or longest match at its start.</summary>
    public string TrimStart(string value, bool longest) => MatchAt(value, 0, longest) is { } end ? value[end..] : value;

    /// <summary>The value without the shortest or longest match at its end.</summary>
    public string TrimEnd(string value, bool longest) => Reverse(Reversed().TrimStart(Reverse(value), longest));

    /// <summary>
    /// The value with another text for the first match, or for every one; of several matches at a place, the longest.
    /// </summary>
    public string Replace(string value, string text, bool all)
    {
        var output = new StringBuilder();
        var copied = 0;
        for (var start = 0; Find(value, start) is var (begin, end);)
        {
            output.Append(value, copied, begin - copied);
            // An empty match right behind another one is none.
            if (end > copied || begin == 0)
            {
                _budget.Spend(text.Length);
                output.Append(text);
            }

            copied = end;
            if (!all)
                break;
            start = Math.Max(end, start + 1);
        }

        return output.Append(value, copied, value.Length - copied).ToString();
    }

    private (int Begin, int End)? Find(string value, int start)
    {
        for (var begin = start; begin <= value.Length; begin++)
        {
            if (MatchAt(value, begin, longest: true) is { } end)
                return (begin, end);
        }

        return null;
    }

    // What lies between the first segment and the last is matched as early as it can be, which leaves the last one every place
    // it can have.
    private int? MatchAt(string value, int start, bool longest)
    {
        var lineBreak = value.IndexOf('\n', start);
        var text = value.AsSpan(0, lineBreak < 0 ? value.Length : lineBreak);
        if (!Matches(_segments[0], text, start))
            return null;
        var end = start + _segments[0].Count;
        for (var index = 1; index < _segments.Count; index++)
        {
            var segment = _segments[index];
            if (Place(segment, text, end, latest: longest && index == _segments.Count - 1) is not { } place)
                return null;
            end = place + segment.Count;
        }

        return end;
    }

    private int? Place(List<Piece> segment, ReadOnlySpan<char> text, int from, bool latest)
    {
        var last = text.Length - segment.Count;
        for (var step = 0; step <= last - from; step++)
        {
            var place = latest ? last - step : from + step;
            if (Matches(segment, text, place))
                return place;
        }

        return null;
    }

    private bool Matches(List<Piece> segment, ReadOnlySpan<char> text, int place)
    {
        _budget.Spend(segment.Count + 1);
        if (place + segment.Count > text.Length)
            return false;
        for (var index = 0; index < segment.Count; index++)
        {
            if (!segment[index].Matches(text[place + index]))
                return false;
        }

        return true;
    }

    private ShellPattern Reversed() =>
        new([.. _segments.AsEnumerable().Reverse().Select(segment => segment.AsEnumerable().Reverse().ToList())], _budget);

    private static string Reverse(string text) => string.Create(text.Length, text, (target, source) =>
    {
        source.CopyTo(target);
        target.Reverse();
    });

    private static char Escaped(string text, int index) => index < text.Length && text[index] is '*' or '?' or '\\' or '}' or '/'
        ? text[index]
        : throw new DockerfileFault(
            $"the pattern {VisibleText.Quote(text)} has a backslash that escapes nothing",
            "In a pattern, only '*', '?', '\\', '}' and '/' are escaped.");

    private readonly record struct Piece(char Character, bool IsAny)
    {
        public bool Matches(char character) => IsAny || character == Character;
    }
}

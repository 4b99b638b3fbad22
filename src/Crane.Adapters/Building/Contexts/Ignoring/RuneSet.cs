namespace Crane.Adapters.Building;

/// <summary>The characters that one place of an expression may match, as ranges of code points.</summary>
internal sealed class RuneSet
{
    private const int Last = 0x10FFFF;

    // Two characters per range, as Go's regular expressions define the names.
    private static readonly Dictionary<string, string> _named = new(StringComparer.Ordinal)
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

    private readonly List<(int Low, int High)> _ranges = [];

    /// <summary>What <c>.</c> means: anything but a line feed.</summary>
    public static RuneSet AnyButLineFeed { get; } = new RuneSet().Add('\n', '\n').Complement();

    /// <summary>A single character.</summary>
    public static RuneSet Of(int rune) => new RuneSet().Add(rune, rune);

    /// <summary>A class by its name, of <c>[:name:]</c> or of one letter as in <c>\d</c>; null for an unknown one.</summary>
    public static RuneSet? Named(string name)
    {
        if (!_named.TryGetValue(name, out var pairs))
            return null;
        var set = new RuneSet();
        for (var index = 0; index < pairs.Length; index += 2)
            set.Add(pairs[index], pairs[index + 1]);
        return set;
    }

    public bool Contains(int rune)
    {
        foreach (var (low, high) in _ranges)
            if (low <= rune && rune <= high)
                return true;
        return false;
    }

    public RuneSet Add(int low, int high)
    {
        _ranges.Add((low, high));
        return this;
    }

    public void Add(RuneSet other) => _ranges.AddRange(other._ranges);

    /// <summary>Every character that is not in this set.</summary>
    public RuneSet Complement()
    {
        var (others, next) = (new RuneSet(), 0);
        foreach (var (low, high) in _ranges.Order())
        {
            if (next < low)
                others.Add(next, low - 1);
            next = Math.Max(next, high + 1);
        }

        return next <= Last ? others.Add(next, Last) : others;
    }
}

namespace Crane.Adapters.Building;

/// <summary>Reads <c>[…]</c> as Go's regular expressions have it.</summary>
internal static class CharacterClass
{
    /// <summary>Reads a class; the reader stands at its bracket.</summary>
    /// <exception cref="FormatException">Not closed, a range that runs backwards, an unknown name or escape.</exception>
    public static RuneSet Read(ExpressionReader reader)
    {
        reader.Skip(1);
        var isNegated = reader.TrySkip("^");
        var set = new RuneSet();
        // A closing bracket that comes first is one of the characters.
        for (var isFirst = true; isFirst || reader.Peek() != ']'; isFirst = false)
        {
            if ((NamedClass(reader) ?? reader.EscapedClass()) is { } named)
                set.Add(named);
            else
                AddRange(set, reader);
        }

        reader.Skip(1);
        return isNegated ? set.Complement() : set;
    }

    private static void AddRange(RuneSet set, ExpressionReader reader)
    {
        var low = Character(reader);
        var high = low;
        // A hyphen before the closing bracket, or before the end, is one of the characters.
        if (reader.Peek() == '-' && reader.Peek(1) is not (']' or '\0'))
        {
            reader.Skip(1);
            high = Character(reader);
        }

        if (high < low)
            throw new FormatException($"a range in '[…]' runs backwards, from '{(char)low}' to '{(char)high}'");
        set.Add(low, high);
    }

    private static int Character(ExpressionReader reader) =>
        reader.IsAtEnd ? throw new FormatException("'[' is not closed by ']'")
        : reader.Peek() == '\\' ? reader.Escape()
        : reader.Rune();

    private static RuneSet? NamedClass(ExpressionReader reader)
    {
        if (reader.Peek() != '[' || reader.Peek(1) != ':')
            return null;
        var start = reader.At;
        reader.Skip(2);
        if (reader.Until(":]") is not { } name)
        {
            reader.Skip(start - reader.At);
            return null;
        }

        var isNegated = name.StartsWith('^');
        var set = name.Length > 2 ? RuneSet.Named(isNegated ? name[1..] : name) : null;
        if (set is null)
            throw new FormatException($"'[:{name}:]' is not a class of characters");
        return isNegated ? set.Complement() : set;
    }
}

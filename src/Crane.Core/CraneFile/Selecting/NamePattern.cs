namespace Crane.CraneFile.Selecting;

/// <summary>A wildcard pattern as in PowerShell: <c>*</c>, <c>?</c>, <c>[a-z]</c>, a backtick escapes, case is ignored.</summary>
internal sealed class NamePattern
{
    private readonly List<Element> _elements = [];

    public NamePattern(string pattern)
    {
        for (var index = 0; index < pattern.Length; index++)
        {
            var close = pattern[index] is '[' ? pattern.IndexOf(']', index + 1) : -1;
            if (pattern[index] is '`' && index + 1 < pattern.Length)
                _elements.Add(new One(pattern[++index]));
            else if (pattern[index] is '*')
                _elements.Add(new Star());
            else if (pattern[index] is '?')
                _elements.Add(new Any());
            else if (close > index + 1)
            {
                _elements.Add(new Set(pattern[(index + 1)..close]));
                index = close;
            }
            else
                _elements.Add(new One(pattern[index]));
        }
    }

    /// <summary>Whether a string has wildcards; otherwise it is a name.</summary>
    public static bool HasWildcards(string text) => new NamePattern(text)._elements.Any(element => element is not One);

    /// <summary>Whether a name matches. The time is at worst proportional to the product of both lengths.</summary>
    public bool Matches(string name)
    {
        var (element, character) = (0, 0);
        var (star, afterStar) = (-1, 0);
        while (character < name.Length)
        {
            if (element < _elements.Count && _elements[element] is Star)
                (star, afterStar) = (element++, character);
            else if (element < _elements.Count && _elements[element].Accepts(name[character]))
                (element, character) = (element + 1, character + 1);
            else if (star >= 0)
                (element, character) = (star + 1, ++afterStar);
            else
                return false;
        }

        return _elements.Skip(element).All(rest => rest is Star);
    }

    private abstract record Element
    {
        public virtual bool Accepts(char character) => true;
    }

    private sealed record Star : Element;

    private sealed record Any : Element;

    private sealed record One(char Character) : Element
    {
        public override bool Accepts(char character) => char.ToUpperInvariant(character) == char.ToUpperInvariant(Character);
    }

    private sealed record Set(string Members) : Element
    {
        public override bool Accepts(char character)
        {
            var (lower, upper) = (char.ToLowerInvariant(character), char.ToUpperInvariant(character));
            for (var index = 0; index < Members.Length; index++)
            {
                var first = Members[index];
                var isRange = index + 2 < Members.Length && Members[index + 1] is '-';
                var last = isRange ? Members[index += 2] : first;
                if ((lower >= first && lower <= last) || (upper >= first && upper <= last))
                    return true;
            }

            return false;
        }
    }
}

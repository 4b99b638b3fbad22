using System.Text;

namespace Crane.Adapters.Contexts;

/// <summary>
/// The check that patterns pass before anything else looks at them: moby tries each against the name <c>.</c> with Go's
/// <c>filepath.Match</c>. That reads a pattern part by part, each with the asterisks before it, and stops at the first
/// part that does not fit, so that errors behind it go unseen here. This does the same, so that both refuse the same.
/// </summary>
internal static class GlobSyntax
{
    /// <exception cref="FormatException">A bracket that is open, empty or ends in a half range; a backslash at the end.</exception>
    public static void Check(string pattern)
    {
        var name = ".";
        while (pattern.Length > 0)
        {
            var hasStar = pattern[0] == '*';
            pattern = pattern.TrimStart('*');
            var part = pattern[..PartLength(pattern)];
            pattern = pattern[part.Length..];
            if (hasStar && part.Length == 0)
                return;
            if (Fit(part, name) is { } rest && (rest.Length == 0 || pattern.Length > 0))
                name = rest;
            else if (hasStar && name.Length > 0 && Fit(part, "") is not null)
                name = "";
            else
                return;
        }
    }

    private static int PartLength(string pattern)
    {
        var isInClass = false;
        for (var index = 0; index < pattern.Length; index++)
        {
            if (pattern[index] == '\\')
                index++;
            else if (pattern[index] == '*' && !isInClass)
                return index;
            else if (pattern[index] is '[' or ']')
                isInClass = pattern[index] == '[';
        }

        return pattern.Length;
    }

    // What the part leaves of the name, which is `.` or empty; null where it does not fit. All of the part is read either way.
    private static string? Fit(string part, string name)
    {
        var (fits, left) = (true, name);
        for (var at = 0; at < part.Length;)
        {
            fits &= left.Length > 0;
            switch (part[at])
            {
                case '[':
                    fits &= ReadClass(part, ref at);
                    break;
                case '?':
                    at++;
                    break;
                case '\\' when at + 1 == part.Length:
                    throw new FormatException("it ends in a backslash, which escapes nothing");
                default:
                    at += part[at] == '\\' ? 1 : 0;
                    fits &= part[at] == '.';
                    at++;
                    break;
            }

            left = "";
        }

        return fits ? left : null;
    }

    // Reads `[…]` and tells whether it has the dot.
    private static bool ReadClass(string part, ref int at)
    {
        at++;
        var isNegated = at < part.Length && part[at] == '^';
        at += isNegated ? 1 : 0;
        var hasDot = false;
        for (var isFirst = true; isFirst || part[at] != ']'; isFirst = false)
        {
            var low = ReadClassCharacter(part, ref at);
            var high = low;
            if (part[at] == '-')
            {
                at++;
                high = ReadClassCharacter(part, ref at);
            }

            hasDot |= low <= '.' && '.' <= high;
        }

        at++;
        return hasDot != isNegated;
    }

    // Behind a character there must be more: at least the bracket that closes the class.
    private static int ReadClassCharacter(string part, ref int at)
    {
        if (at < part.Length && part[at] is '-' or ']')
            throw new FormatException($"'{part[at]}' stands in '[…]' where a character is expected");
        at += at < part.Length && part[at] == '\\' ? 1 : 0;
        if (at >= part.Length)
            throw Unclosed();
        Rune.DecodeFromUtf16(part.AsSpan(at), out var rune, out var length);
        at += length;
        return at < part.Length ? rune.Value : throw Unclosed();
    }

    private static FormatException Unclosed() => new("'[' is not closed by ']'");
}

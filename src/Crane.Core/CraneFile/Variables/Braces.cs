namespace Crane.CraneFile.Variables;

/// <summary>Finds the end of a <c>${…}</c>.</summary>
internal static class Braces
{
    /// <summary>
    /// Length of the <c>${…}</c> that the text begins with, its closing brace included; -1 where there is none.
    /// As in compose-go, braces inside a word pair up whatever stands before them, so that
    /// <c>${A:-{"a":{}}}</c> and <c>${A:-$${}}</c> are one whole. Where that finds no end, as in <c>${A:-{}</c>, only the
    /// braces of variables count.
    /// </summary>
    public static int Length(ReadOnlySpan<char> text)
    {
        var length = Length(text, variablesOnly: false);
        return length > 0 ? length : Length(text, variablesOnly: true);
    }

    private static int Length(ReadOnlySpan<char> text, bool variablesOnly)
    {
        var open = 0;
        for (var index = 1; index < text.Length; index++)
        {
            if (text[index] is '{' && (!variablesOnly || text[index - 1] is '$'))
                open++;
            else if (text[index] is '}' && --open == 0)
                return index + 1;
        }

        return -1;
    }
}

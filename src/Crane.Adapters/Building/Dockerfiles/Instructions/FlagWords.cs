using System.Text;

namespace Crane.Adapters.Building.Dockerfiles.Instructions;

/// <summary>Takes the words that begin with <c>--</c> off the front of an instruction's arguments.</summary>
internal static class FlagWords
{
    private const string EndOfFlags = "--";

    /// <param name="text">What follows the keyword.</param>
    /// <param name="escape">The escape character.</param>
    /// <param name="arguments">What follows the flags.</param>
    /// <returns>The flags without their quotes and escapes.</returns>
    public static IReadOnlyList<string> Take(string text, char escape, out string arguments)
    {
        var flags = new List<string>();
        var index = 0;
        while (true)
        {
            while (index < text.Length && IsSpace(text[index]))
                index++;
            if (string.CompareOrdinal(text, index, EndOfFlags, 0, EndOfFlags.Length) != 0)
                break;
            var flag = ReadWord(text, escape, ref index);
            if (flag == EndOfFlags)
                break;
            flags.Add(flag);
        }

        arguments = text[index..].Trim();
        return flags;
    }

    private static string ReadWord(string text, char escape, ref int index)
    {
        var word = new StringBuilder();
        var quote = '\0';
        for (; index < text.Length; index++)
        {
            var character = text[index];
            if (quote == '\0' && IsSpace(character))
                break;
            if (quote == '\0' && character is '\'' or '"')
                quote = character;
            else if (character == quote)
                quote = '\0';
            else if (character != escape)
                word.Append(character);
            else if (++index < text.Length)
                word.Append(text[index]);
        }

        index = Math.Min(index, text.Length);
        return word.ToString();
    }

    // BuildKit goes by bytes here, so that of the spaces of Unicode only these count.
    private static bool IsSpace(char character) => character is ' ' or (>= '\t' and <= '\r');
}

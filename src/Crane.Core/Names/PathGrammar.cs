using Crane.Errors;

namespace Crane.Names;

/// <summary>
/// A repository's path, after <c>remoteName</c> of the distribution project's reference grammar: components of lower-case ASCII letters and
/// digits, separated inside by one <c>.</c>, one or two <c>_</c>, or any number of <c>-</c>.
/// </summary>
internal static class PathGrammar
{
    /// <summary>The longest path, in characters.</summary>
    public const int MaximumLength = 255;

    private const string Path = "path";

    /// <summary>The first error in a path of one or more components; null for a valid one.</summary>
    public static NameError? Check(ReadOnlySpan<char> text)
    {
        var index = 0;
        while (true)
        {
            var error = CheckComponent(text, ref index);
            if (error is not null || index == text.Length)
                return error;
            index++;
        }
    }

    // Reads from the first character of a component to the slash after it, or to the end.
    private static NameError? CheckComponent(ReadOnlySpan<char> text, ref int index)
    {
        if (index == text.Length || text[index] == '/')
            return new(Path, index, text.IsEmpty ? "the path is missing" : "a component of the path is empty");

        while (true)
        {
            if (index == text.Length || text[index] == '/')
                return new(Path, index - 1, $"a component cannot end with '{text[index - 1]}'");
            if (!IsAlphanumeric(text[index]))
                return Refuse(text, index);
            while (index < text.Length && IsAlphanumeric(text[index]))
                index++;
            if (index == text.Length || text[index] == '/')
                return null;

            var separator = SeparatorLength(text[index..]);
            if (separator == 0)
                return Refuse(text, index);
            index += separator;
        }
    }

    private static NameError Refuse(ReadOnlySpan<char> text, int index)
    {
        var character = text[index];
        var quoted = VisibleText.QuoteCharacter(text, index);
        if (char.IsAsciiLetterUpper(character))
            return new(Path, index, $"{quoted} is an upper-case letter", "Write the path in lower case.");
        if (character is not ('.' or '_' or '-'))
            return new(Path, index, $"{quoted} is not allowed in a path");
        return index == 0 || text[index - 1] == '/'
            ? new(Path, index, $"a component cannot start with {quoted}")
            : new(Path, index, $"{quoted} cannot follow '{text[index - 1]}'",
                "Separate words by one '.', one or two '_', or any number of '-'.");
    }

    private static int SeparatorLength(ReadOnlySpan<char> text) => text[0] switch
    {
        '.' => 1,
        '_' => text.StartsWith("__") ? 2 : 1,
        '-' => text.IndexOfAnyExcept('-') is var end and >= 0 ? end : text.Length,
        _ => 0,
    };

    private static bool IsAlphanumeric(char character) => char.IsAsciiLetterLower(character) || char.IsAsciiDigit(character);
}

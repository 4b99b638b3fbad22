using Crane.Errors;

namespace Crane.Names;

/// <summary>A tag, after the OCI distribution specification: <c>[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}</c>, ASCII only.</summary>
internal static class TagGrammar
{
    private const int MaximumLength = 128;
    private const string Tag = "tag";

    /// <summary>The first error in a tag; null for a valid one.</summary>
    public static NameError? Check(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty)
            return new(Tag, 0, "the tag is missing");
        if (text[0] is '.' or '-')
            return new(Tag, 0, $"a tag cannot start with '{text[0]}'");

        for (var index = 0; index < text.Length; index++)
            if (!char.IsAsciiLetterOrDigit(text[index]) && text[index] is not ('_' or '.' or '-'))
                return new(Tag, index, $"{VisibleText.QuoteCharacter(text, index)} is not allowed in a tag");

        return text.Length <= MaximumLength
            ? null
            : new(Tag, MaximumLength, $"the tag has {text.Length} characters; {MaximumLength} are allowed");
    }
}

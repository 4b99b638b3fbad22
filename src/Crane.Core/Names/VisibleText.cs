using System.Buffers;
using System.Globalization;
using System.Text;

namespace Crane.Names;

/// <summary>
/// Names as messages show them. Names come from files and variables, so they may be long, and may hold what a terminal
/// would obey or not show at all.
/// </summary>
internal static class VisibleText
{
    private const int Head = 80;
    private const int Tail = 30;

    /// <summary>The text in single quotes: cut in the middle if long, what is invisible escaped.</summary>
    public static string Quote(string text) => text.Length <= Head + Tail
        ? $"'{Escape(text)}'"
        : $"'{Escape(text.AsSpan(0, Head))}…{Escape(text.AsSpan(text.Length - Tail))}' ({text.Length} characters)";

    /// <summary>The character at <paramref name="index"/> in single quotes, with its code point where it could be taken for another.</summary>
    public static string QuoteCharacter(ReadOnlySpan<char> text, int index)
    {
        Rune.DecodeFromUtf16(text[index..], out var rune, out var length);
        var shown = Escape(text.Slice(index, length));
        return rune.IsAscii || shown is ['\\', ..] ? $"'{shown}'" : $"'{shown}' (U+{rune.Value:X4})";
    }

    private static string Escape(ReadOnlySpan<char> text)
    {
        var shown = new StringBuilder(text.Length);
        for (int index = 0, length; index < text.Length; index += length)
        {
            // Half a surrogate pair decodes to the replacement character, which would show another text.
            var valid = Rune.DecodeFromUtf16(text[index..], out var rune, out length) == OperationStatus.Done;
            if (valid && IsVisible(rune))
                shown.Append(text.Slice(index, length));
            else
                shown.Append(EscapeSequence(valid ? rune.Value : text[index]));
        }
        return shown.ToString();
    }

    private static bool IsVisible(Rune rune) => rune.Value == ' ' || Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse
        or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        or UnicodeCategory.SpaceSeparator or UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark
        or UnicodeCategory.SpacingCombiningMark);

    private static string EscapeSequence(int value) => value switch
    {
        '\0' => @"\0",
        '\t' => @"\t",
        '\n' => @"\n",
        '\r' => @"\r",
        <= 0xFFFF => $@"\u{value:X4}",
        _ => $@"\U{value:X8}",
    };
}

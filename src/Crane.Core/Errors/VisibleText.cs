using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Crane.Errors;

/// <summary>
/// Makes strings from files, variables, engines and registries safe to show: without control characters, and not too long.
/// </summary>
internal static class VisibleText
{
    private const int Head = 80;
    private const int Tail = 30;

    // The end of a build's output is the larger part of the longest messages.
    private const int MessageHead = 2000;
    private const int MessageTail = 4000;
    private const int MessageLimit = MessageHead + MessageTail + 100; // so that what has been cut is not cut again

    private static readonly SearchValues<char> PlainCharacters =
        SearchValues.Create([.. Enumerable.Range(' ', '~' - ' ' + 1).Select(value => (char)value), '\t', '\n']);

    /// <summary>The string in single quotes: cut in the middle if long, invisible characters escaped.</summary>
    public static string Quote(string text) => text.Length <= Head + Tail
        ? $"'{Escape(text)}'"
        : $"'{Escape(text.AsSpan(0, Head))}…{Escape(text.AsSpan(text.Length - Tail))}' ({text.Length} characters)";

    /// <summary>A message of one or more lines: cut in the middle if very long, control characters escaped.</summary>
    [return: NotNullIfNotNull(nameof(text))]
    public static string? Message(string? text)
    {
        if (text is null)
            return null;
        var shown = text.Length <= MessageLimit ? Lines(text) : Lines(text[..MessageHead]) + Lines(text[^MessageTail..]);
        return text.Length <= MessageLimit && shown.Length <= MessageLimit
            ? shown
            : $"{shown[..MessageHead]} … {shown[^MessageTail..]} ({text.Length} characters)";
    }

    /// <summary>A string of one or more lines in full, with control characters escaped.</summary>
    public static string Lines(string text) => text.AsSpan().ContainsAnyExcept(PlainCharacters)
        ? Escape(text.Replace("\r\n", "\n", StringComparison.Ordinal), IsHarmless)
        : text;

    /// <summary>The character at <paramref name="index"/> in single quotes, with its code point unless it is ASCII.</summary>
    public static string QuoteCharacter(ReadOnlySpan<char> text, int index)
    {
        Rune.DecodeFromUtf16(text[index..], out var rune, out var length);
        var shown = Escape(text.Slice(index, length));
        return rune.IsAscii || shown is ['\\', ..] ? $"'{shown}'" : $"'{shown}' (U+{rune.Value:X4})";
    }

    private static string Escape(ReadOnlySpan<char> text) => Escape(text, IsVisible);

    private static string Escape(ReadOnlySpan<char> text, Func<Rune, bool> stays)
    {
        var shown = new StringBuilder(text.Length);
        for (int index = 0, length; index < text.Length; index += length)
        {
            // Half a surrogate pair decodes to the replacement character, which would hide what it is.
            var valid = Rune.DecodeFromUtf16(text[index..], out var rune, out length) == OperationStatus.Done;
            if (valid && stays(rune))
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

    private static bool IsHarmless(Rune rune) => rune.Value is '\n' or '\t' || Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);

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

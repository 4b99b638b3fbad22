using System.Text.RegularExpressions;

namespace Crane.Names;

/// <summary>
/// The <c>user:password@</c> of a URL. It is part of no name, but people paste URLs, and a message that shows what was
/// written must not show that.
/// </summary>
internal static class UserInformation
{
    /// <summary>The text with everything between a scheme and the last <c>@</c> masked: <c>https://***@host</c>.</summary>
    public static string Mask(string text)
    {
        var at = text.LastIndexOf('@');
        if (at < 0)
            return text;
        var scheme = text.AsSpan(0, at).IndexOf("://");
        return $"{text.AsSpan(0, scheme < 0 ? 0 : scheme + 3)}***{text.AsSpan(at)}";
    }

    /// <summary>The same for what may be an address or a folder, in whose path an <c>@</c> may stand.</summary>
    public static string MaskInAddress(string text) => text.Contains("://", StringComparison.Ordinal) ? Mask(text) : text;

    /// <summary>The same for an image name, where an <c>@</c> may also stand before a digest: that has neither dot nor slash.</summary>
    public static string MaskInImageName(string text)
    {
        var afterAt = text.AsSpan(text.LastIndexOf('@') + 1);
        return afterAt.ContainsAny('.', '/') || text.Contains("://", StringComparison.Ordinal) ? Mask(text) : text;
    }

    /// <summary>The same for a line of a file, word by word.</summary>
    public static string MaskInLine(string line) =>
        line.Contains('@', StringComparison.Ordinal) ? Regex.Replace(line, """[^\s"']+""", word => MaskInWord(word.Value)) : line;

    // A user alone, as in git@github.com, is no secret; a digest behind a tag is none either.
    private static string MaskInWord(string word)
    {
        var at = word.LastIndexOf('@');
        return word.Contains("://", StringComparison.Ordinal)
            || (at >= 0 && word.AsSpan(0, at).Contains(':') && !word.AsSpan(at + 1).StartsWith("sha", StringComparison.Ordinal))
            ? Mask(word)
            : word;
    }
}

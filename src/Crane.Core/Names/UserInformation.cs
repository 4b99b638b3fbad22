using System.Text.RegularExpressions;

namespace Crane.Names;

/// <summary>Masks the <c>user:password@</c> of URLs, which users paste where a name belongs, for messages.</summary>
internal static class UserInformation
{
    /// <summary>Masks everything between a scheme and the last <c>@</c>: <c>https://***@host</c>.</summary>
    public static string Mask(string text)
    {
        var at = text.LastIndexOf('@');
        if (at < 0)
            return text;
        var scheme = text.AsSpan(0, at).IndexOf("://");
        return $"{text.AsSpan(0, scheme < 0 ? 0 : scheme + 3)}***{text.AsSpan(at)}";
    }

    /// <summary>The same for an address or a path, which may contain an <c>@</c>.</summary>
    public static string MaskInAddress(string text) => text.Contains("://", StringComparison.Ordinal) ? Mask(text) : text;

    /// <summary>The same for an image name, which may contain an <c>@</c> before a digest: a digest has no dot and no slash.</summary>
    public static string MaskInImageName(string text)
    {
        var afterAt = text.AsSpan(text.LastIndexOf('@') + 1);
        return afterAt.ContainsAny('.', '/') || text.Contains("://", StringComparison.Ordinal) ? Mask(text) : text;
    }

    /// <summary>The same for each word of a line.</summary>
    public static string MaskInLine(string line) =>
        line.Contains('@', StringComparison.Ordinal) ? Regex.Replace(line, """[^\s"']+""", word => MaskInWord(word.Value)) : line;

    // A user alone, as in git@github.com, is not secret; neither is a digest after a tag.
    private static string MaskInWord(string word)
    {
        var at = word.LastIndexOf('@');
        return word.Contains("://", StringComparison.Ordinal)
            || (at >= 0 && word.AsSpan(0, at).Contains(':') && !word.AsSpan(at + 1).StartsWith("sha", StringComparison.Ordinal))
            ? Mask(word)
            : word;
    }
}

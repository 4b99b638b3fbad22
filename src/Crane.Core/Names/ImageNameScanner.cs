using System.Buffers;
using Crane.Errors;

namespace Crane.Names;

/// <summary>
/// Reads <c>[registry/]path[:tag][@digest]</c> after the distribution project's reference grammar, from left to right
/// and without ever going back, so the time is linear in the length of any input.
/// </summary>
internal static class ImageNameScanner
{
    private const int ImageIdLength = 64;

    private static readonly SearchValues<char> SchemeCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+-.");

    /// <summary>Reads <paramref name="text"/>.</summary>
    /// <returns>The first fault; null where the text is an image name, whose parts are then given.</returns>
    public static NameFault? Scan(ReadOnlySpan<char> text, out ImageNameParts parts)
    {
        parts = default;
        if (text.IsEmpty)
            return new("name", 0, "the name is empty");
        if (ReadsAsImageId(text))
            return new("name", 0, "64 hexadecimal digits read as an image ID",
                "Give the image a name, or put its registry and path in front.");
        if (FindScheme(text) is { } scheme)
            return new("registry", 0, $"an image name has no scheme such as {VisibleText.Quote(scheme)}",
                $"Leave out {VisibleText.Quote(scheme)}.");

        var pathStart = 0;
        string? registry = null;
        var slash = text.IndexOf('/');
        if (slash >= 0 && HostGrammar.ReadsAsRegistry(text[..slash]))
        {
            if (HostGrammar.Check(text[..slash]) is { } hostFault)
                return hostFault;
            registry = text[..slash].ToString();
            pathStart = slash + 1;
        }
        return ScanPath(text, pathStart, registry, out parts);
    }

    /// <summary>Whether a text without anything around it names an image by its ID.</summary>
    public static bool ReadsAsImageId(ReadOnlySpan<char> text)
    {
        if (text.Length != ImageIdLength)
            return false;
        foreach (var character in text)
            if (!char.IsAsciiHexDigitLower(character))
                return false;
        return true;
    }

    /// <summary>The scheme that a URL begins with, such as <c>https://</c>; null where there is none.</summary>
    public static string? FindScheme(ReadOnlySpan<char> text)
    {
        var colon = text.IndexOf(':');
        return colon > 0 && text[colon..].StartsWith("://") && !text[..colon].ContainsAnyExcept(SchemeCharacters)
            ? text[..(colon + 3)].ToString()
            : null;
    }

    private static NameFault? ScanPath(ReadOnlySpan<char> text, int pathStart, string? registry, out ImageNameParts parts)
    {
        parts = default;
        var end = EndBefore(text, pathStart, ":@");
        if (PathGrammar.Check(text[pathStart..end]) is { } pathFault)
            return pathFault.From(pathStart);
        var path = text[pathStart..end].ToString();

        string? tag = null;
        if (end < text.Length && text[end] == ':')
        {
            var start = end + 1;
            end = EndBefore(text, start, "@");
            if (TagGrammar.Check(text[start..end]) is { } tagFault)
                return tagFault.From(start);
            tag = text[start..end].ToString();
        }

        Digest? digest = null;
        if (end < text.Length && Digest.Read(text[(end + 1)..], out digest) is { } digestFault)
            return digestFault.From(end + 1);

        parts = new(registry, path, tag, digest);
        return parts.CheckLength();
    }

    private static int EndBefore(ReadOnlySpan<char> text, int start, ReadOnlySpan<char> delimiters)
    {
        var length = text[start..].IndexOfAny(delimiters);
        return length < 0 ? text.Length : start + length;
    }
}

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
    public static NameError? Scan(ReadOnlySpan<char> text, out ImageNameParts parts)
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

    private static NameError? ScanPath(ReadOnlySpan<char> text, int pathStart, string? registry, out ImageNameParts parts)
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

/// <summary>The parts of an image name as they were written, each valid in itself, and what they mean.</summary>
/// <param name="WrittenRegistry">The registry; null where none was written.</param>
/// <param name="WrittenPath">The path: without the <c>library/</c> that Docker Hub implies.</param>
/// <param name="Tag">The tag; null where none was written.</param>
/// <param name="Digest">The digest; null where none was written.</param>
internal readonly record struct ImageNameParts(string? WrittenRegistry, string WrittenPath, string? Tag, Digest? Digest)
{
    /// <summary>The namespace on Docker Hub that is meant where none is written.</summary>
    public const string OfficialNamespace = "library/";

    private const string LegacyDockerHub = "index.docker.io";

    /// <summary>The registry that is meant.</summary>
    public string Registry => WrittenRegistry is null or LegacyDockerHub ? RegistryAddress.DockerHub : WrittenRegistry;

    /// <summary>The path that is meant.</summary>
    public string Repository => ImpliesNamespace ? OfficialNamespace + WrittenPath : WrittenPath;

    private bool ImpliesNamespace => Registry == RegistryAddress.DockerHub && !WrittenPath.Contains('/', StringComparison.Ordinal);

    /// <summary>The fault of a path that is too long, with its place in <see cref="ToString"/>; null where it is not.</summary>
    public NameError? CheckLength()
    {
        var implied = ImpliesNamespace ? OfficialNamespace.Length : 0;
        var length = implied + WrittenPath.Length;
        if (length <= PathGrammar.MaximumLength)
            return null;

        var pathStart = WrittenRegistry is null ? 0 : WrittenRegistry.Length + 1;
        var counted = ImpliesNamespace ? $", with the '{OfficialNamespace}' of Docker Hub," : "";
        return new("path", pathStart + PathGrammar.MaximumLength - implied,
            $"the path{counted} has {length} characters; {PathGrammar.MaximumLength} are allowed");
    }

    /// <summary>The name as it was written.</summary>
    public override string ToString() =>
        (WrittenRegistry is null ? "" : $"{WrittenRegistry}/")
        + WrittenPath
        + (Tag is null ? "" : $":{Tag}")
        + (Digest is null ? "" : $"@{Digest}");
}

/// <summary>What is wrong with an image name, or with a piece of one: the first thing, read from the left.</summary>
/// <param name="Part">The part that is wrong, such as <c>path</c> or <c>tag</c>.</param>
/// <param name="Index">Where, counted from 0 in the text that was read; its length for something missing at the end.</param>
/// <param name="Problem">What is wrong there, as a clause.</param>
/// <param name="Advice">What to write instead, as a sentence; null where the problem says it.</param>
internal readonly record struct NameError(string Part, int Index, string Problem, string? Advice = null)
{
    /// <summary>The same fault in a text in which the piece that was read begins at <paramref name="start"/>.</summary>
    public NameError From(int start) => this with { Index = Index + start };

    /// <summary>The error for <paramref name="text"/>, which is called <paramref name="noun"/>, such as <c>Image name</c>.</summary>
    /// <remarks>The text is shown: what may be secret in it has to be masked before.</remarks>
    public CraneException ToException(CraneErrorId id, string noun, string text) =>
        new(id, $"{noun} {VisibleText.Quote(text)} is not valid: {Part}, position {Index + 1}: {Problem}.", Advice ?? Grammar(id));

    // Where the problem itself says what to change, the form as a whole is still worth showing.
    private static string Grammar(CraneErrorId id) => id == CraneErrorId.InvalidRegistry
        ? "A registry is a host, host:port, or either followed by a path, such as ghcr.io/acme."
        : "An image name is [registry/]path[:tag][@digest], such as registry.company.co/company/foo:1.2.";
}

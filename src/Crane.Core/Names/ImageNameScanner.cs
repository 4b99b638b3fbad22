using System.Buffers;
using Crane.Errors;

namespace Crane.Names;

/// <summary>Reads <c>[registry/]path[:tag][@digest]</c> after the distribution project's reference grammar, in linear time.</summary>
internal static class ImageNameScanner
{
    private const int ImageIdLength = 64;

    private static readonly SearchValues<char> SchemeCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+-.");

    /// <summary>Reads an image name; returns the first error, or null and the parts.</summary>
    public static NameError? Scan(ReadOnlySpan<char> text, out ImageNameParts parts)
    {
        parts = default;
        if (text.IsEmpty)
            return new("name", 0, "the name is empty");
        if (ReadsAsImageId(text))
            return new("name", 0, "64 hexadecimal digits are an image ID",
                "Use the image's name, or add a registry and path.");
        if (FindScheme(text) is { } scheme)
            return new("registry", 0, $"an image name has no scheme such as {VisibleText.Quote(scheme)}",
                $"Remove {VisibleText.Quote(scheme)}.");

        var pathStart = 0;
        string? registry = null;
        var slash = text.IndexOf('/');
        if (slash >= 0 && HostGrammar.ReadsAsRegistry(text[..slash]))
        {
            if (HostGrammar.Check(text[..slash]) is { } hostError)
                return hostError;
            registry = text[..slash].ToString();
            pathStart = slash + 1;
        }
        return ScanPath(text, pathStart, registry, out parts);
    }

    /// <summary>Whether a name would be taken for an image ID.</summary>
    public static bool ReadsAsImageId(ReadOnlySpan<char> text)
    {
        if (text.Length != ImageIdLength)
            return false;
        foreach (var character in text)
            if (!char.IsAsciiHexDigitLower(character))
                return false;
        return true;
    }

    /// <summary>The scheme of a URL, such as <c>https://</c>; null for none.</summary>
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
        if (PathGrammar.Check(text[pathStart..end]) is { } pathError)
            return pathError.From(pathStart);
        var path = text[pathStart..end].ToString();

        string? tag = null;
        if (end < text.Length && text[end] == ':')
        {
            var start = end + 1;
            end = EndBefore(text, start, "@");
            if (TagGrammar.Check(text[start..end]) is { } tagError)
                return tagError.From(start);
            tag = text[start..end].ToString();
        }

        Digest? digest = null;
        if (end < text.Length && Digest.Read(text[(end + 1)..], out digest) is { } digestError)
            return digestError.From(end + 1);

        parts = new(registry, path, tag, digest);
        return parts.CheckLength();
    }

    private static int EndBefore(ReadOnlySpan<char> text, int start, ReadOnlySpan<char> delimiters)
    {
        var length = text[start..].IndexOfAny(delimiters);
        return length < 0 ? text.Length : start + length;
    }
}

/// <summary>The parts of an image name as written, each valid by itself, and what they mean.</summary>
/// <param name="WrittenPath">The path, without the <c>library/</c> that Docker Hub implies.</param>
internal readonly record struct ImageNameParts(string? WrittenRegistry, string WrittenPath, string? Tag, Digest? Digest)
{
    /// <summary>Docker Hub's default namespace.</summary>
    public const string OfficialNamespace = "library/";

    private const string LegacyDockerHub = "index.docker.io";

    /// <summary>The registry, by default Docker Hub.</summary>
    public string Registry => WrittenRegistry is null or LegacyDockerHub ? RegistryAddress.DockerHub : WrittenRegistry;

    /// <summary>The path with an implied namespace.</summary>
    public string Repository => ImpliesNamespace ? OfficialNamespace + WrittenPath : WrittenPath;

    private bool ImpliesNamespace => Registry == RegistryAddress.DockerHub && !WrittenPath.Contains('/', StringComparison.Ordinal);

    /// <summary>The error for a path that is too long, with its position in <see cref="ToString"/>; null for others.</summary>
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

    public override string ToString() =>
        (WrittenRegistry is null ? "" : $"{WrittenRegistry}/")
        + WrittenPath
        + (Tag is null ? "" : $":{Tag}")
        + (Digest is null ? "" : $"@{Digest}");
}

/// <summary>The first error in an image name or a part of one.</summary>
/// <param name="Part">The invalid part, such as <c>path</c> or <c>tag</c>.</param>
/// <param name="Index">Its position, counted from 0; the length of the input for something missing at the end.</param>
/// <param name="Problem">What is wrong, as a clause.</param>
/// <param name="Advice">What to write instead, as a sentence; null if the problem says it.</param>
internal readonly record struct NameError(string Part, int Index, string Problem, string? Advice = null)
{
    /// <summary>The same error in a longer string, in which the part that was read begins at <paramref name="start"/>.</summary>
    public NameError From(int start) => this with { Index = Index + start };

    /// <summary>The exception for <paramref name="text"/>, with secrets masked; <paramref name="noun"/> says what it is.</summary>
    public CraneException ToException(CraneErrorId id, string noun, string text) =>
        new(id, $"{noun} {VisibleText.Quote(text)} is not valid: {Part}, position {Index + 1}: {Problem}.", Advice ?? Grammar(id));

    // Without advice of its own, an error shows the whole form.
    private static string Grammar(CraneErrorId id) => id == CraneErrorId.InvalidRegistry
        ? "A registry is a host, host:port, or either followed by a path, such as ghcr.io/acme."
        : "An image name is [registry/]path[:tag][@digest], such as registry.company.co/company/foo:1.2.";
}

using System.Diagnostics.CodeAnalysis;
using Crane.Errors;
using Crane.Names;

namespace Crane;

/// <summary>
/// The name of a container image, <c>[registry/]path[:tag][@digest]</c>, after the reference grammar of the distribution project.
/// Immutable; a script writes <c>[Crane.ImageName]'company/foo:1'</c>.
/// </summary>
/// <remarks>Names are equal when their <see cref="FullName"/> is: <c>ubuntu</c> equals <c>docker.io/library/ubuntu:latest</c>.</remarks>
public sealed class ImageName : IEquatable<ImageName>
{
    /// <summary>What a tag is, for advice.</summary>
    internal const string TagForm =
        "A tag has at most 128 letters, digits, underscores, dots and hyphens, and does not begin with a dot or hyphen.";

    private const string Noun = "Image name";
    private const string DefaultTag = "latest";

    private ImageName(ImageNameParts parts)
    {
        Parts = parts;
        Registry = parts.Registry;
        Repository = parts.Repository;
    }

    /// <summary>The registry's host and port; <c>docker.io</c> where none is written.</summary>
    public string Registry { get; }

    /// <summary>The path within the registry, such as <c>company/foo</c> or <c>library/ubuntu</c>.</summary>
    public string Repository { get; }

    /// <summary>The tag; null where none is written.</summary>
    public string? Tag => Parts.Tag;

    /// <summary>The digest, such as <c>sha256:…</c>; null where none is written.</summary>
    public string? Digest => ContentDigest?.ToString();

    /// <summary>The short form that docker shows: without <c>docker.io/</c> and its <c>library/</c>, with the tag as written.</summary>
    public string Familiar => Write(FamiliarPath, Tag);

    /// <summary>Everything spelled out, such as <c>docker.io/library/ubuntu:latest</c>.</summary>
    public string FullName => field ??= WriteAt(Registry, TagOrDefault);

    /// <summary>The name with its registry, even for Docker Hub, and with the tag as written: <c>docker.io/library/ubuntu</c>.</summary>
    internal string RemoteName => Tag == TagOrDefault ? FullName : WriteAt(Registry, Tag);

    /// <summary>The registry for messages. They say if a name has none, which may be a mistake.</summary>
    internal string ShownRegistry => Parts.WrittenRegistry is null ? $"{Registry} (the name has no registry)" : Registry;

    /// <summary>Equal for names of the same repository, however their registry is written.</summary>
    internal string RepositoryKey => $"{RegistryAddress.HostOf(Registry)}/{Repository}";

    /// <summary>Equal for names of the same image in a registry. In a local store <see cref="FullName"/> decides.</summary>
    internal string SameImageKey =>
        RegistryAddress.HostOf(Registry) is var host && host == Registry ? FullName : WriteAt(host, TagOrDefault);

    internal Digest? ContentDigest => Parts.Digest;

    /// <summary>Registry, path, tag and digest as written.</summary>
    internal ImageNameParts Parts { get; }

    /// <summary>The tag, by default <c>latest</c>; null for a name with only a digest.</summary>
    internal string? TagOrDefault => Tag ?? (ContentDigest is null ? DefaultTag : null);

    private string FamiliarPath
    {
        get
        {
            if (Registry != RegistryAddress.DockerHub)
                return $"{Registry}/{Repository}";
            const string official = ImageNameParts.OfficialNamespace;
            var isOfficial = Repository.StartsWith(official, StringComparison.Ordinal)
                && Repository.IndexOf('/', official.Length) < 0;
            return isOfficial ? Repository[official.Length..] : Repository;
        }
    }

    private bool FamiliarReadsBack
    {
        get
        {
            if (Registry != RegistryAddress.DockerHub)
                return true;
            var path = FamiliarPath;
            var slash = path.IndexOf('/', StringComparison.Ordinal);
            if (slash >= 0)
                return !HostGrammar.ReadsAsRegistry(path.AsSpan(0, slash));
            return Tag is not null || ContentDigest is not null || !ImageNameScanner.ReadsAsImageId(path);
        }
    }

    /// <summary>Reads an image name.</summary>
    /// <exception cref="CraneException">InvalidImageName, with the invalid part and its position.</exception>
    public static ImageName Parse(string text)
    {
        text ??= "";
        return ImageNameScanner.Scan(text, out var parts) is { } error
            ? throw error.ToException(CraneErrorId.InvalidImageName, Noun, UserInformation.MaskInImageName(text))
            : new(parts);
    }

    /// <summary>Reads an image name; returns false for an invalid one.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out ImageName? name)
    {
        name = ImageNameScanner.Scan(text, out var parts) is null ? new(parts) : null;
        return name is not null;
    }

    /// <summary>Whether two names mean the same image.</summary>
    public static bool operator ==(ImageName? left, ImageName? right) => Equals(left, right);

    /// <summary>Whether two names mean different images.</summary>
    public static bool operator !=(ImageName? left, ImageName? right) => !Equals(left, right);

    /// <inheritdoc/>
    public bool Equals(ImageName? other) => other is not null && FullName == other.FullName;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ImageName);

    /// <inheritdoc/>
    public override int GetHashCode() => FullName.GetHashCode(StringComparison.Ordinal);

    /// <summary>
    /// <see cref="Familiar"/>, with the registry where it would otherwise be parsed as another name (<c>docker.io/localhost/x</c>). Parsing
    /// it always gives this name.
    /// </summary>
    public override string ToString() => FamiliarReadsBack ? Familiar : RemoteName;

    /// <summary>
    /// Reads a name from a crane file, a plan or a parameter. A first component that is a registry only by its capitals is refused:
    /// retagging would replace it, though it is probably a user.
    /// </summary>
    /// <exception cref="CraneException">InvalidImageName.</exception>
    internal static ImageName ParseGiven(string text)
    {
        var name = Parse(text);
        if (name.Parts.WrittenRegistry is not { } host || !HostGrammar.IsRegistryByCapitals(host))
            return name;
        var path = text[host.Length..];
        throw new NameError(
            "registry host", 0,
            $"{VisibleText.Quote(host)} reads as a registry by its capitals alone;"
                + $" write {VisibleText.Quote(host.ToLowerInvariant() + path)}",
            $"If it is a registry, add its port, as in {VisibleText.Quote($"{host}:443{path}")}.")
            .ToException(CraneErrorId.InvalidImageName, Noun, text);
    }

    internal static bool IsValidTag(string? tag) => TagGrammar.Check(tag) is null;

    /// <summary>Makes a name of parts, each of which is valid.</summary>
    /// <exception cref="CraneException">InvalidImageName where together they are too long.</exception>
    internal static ImageName FromParts(ImageNameParts parts) => parts.CheckLength() is { } error
        ? throw error.ToException(CraneErrorId.InvalidImageName, Noun, parts.ToString())
        : new(parts);

    /// <summary>The same name with another tag; a digest stays.</summary>
    /// <exception cref="CraneException">InvalidImageName for an invalid tag.</exception>
    internal ImageName WithTag(string tag) => TagGrammar.Check(tag) is { } error
        ? throw (error with { Advice = error.Advice ?? TagForm }).ToException(CraneErrorId.InvalidImageName, "Tag", tag)
        : new(Parts with { Tag = tag });

    /// <summary>The same name without its tag.</summary>
    internal ImageName WithoutTag() => Tag is null ? this : new(Parts with { Tag = null });

    /// <summary>The same name with its registry written out, even for Docker Hub.</summary>
    internal ImageName WithRegistry() => new(Parts with { WrittenRegistry = Registry, WrittenPath = Repository });

    /// <exception cref="CraneException">InvalidImageName where that is too long.</exception>
    internal ImageName WithDigest(Digest digest) => FromParts(Parts with { Digest = digest });

    internal ImageName WithoutDigest() => ContentDigest is null ? this : new(Parts with { Digest = null });

    private string WriteAt(string registry, string? tag) => tag is not null && ContentDigest is null
        ? $"{registry}/{Repository}:{tag}"
        : Write($"{registry}/{Repository}", tag);

    private string Write(string path, string? tag) =>
        string.Concat(path, tag is null ? "" : ":", tag, ContentDigest is null ? "" : $"@{ContentDigest}");
}

using System.Diagnostics.CodeAnalysis;
using Crane.Errors;
using Crane.Names;

namespace Crane;

/// <summary>
/// The name of a container image, <c>[registry/]path[:tag][@digest]</c>, after the reference grammar of the
/// distribution project. Immutable; a script says <c>[Crane.ImageName]'company/foo:1'</c>.
/// </summary>
/// <remarks>
/// Names are equal when their <see cref="FullName"/> is: <c>ubuntu</c> equals <c>docker.io/library/ubuntu:latest</c>.
/// </remarks>
public sealed class ImageName : IEquatable<ImageName>
{
    private const string Noun = "Image name";
    private const string DefaultTag = "latest";

    private ImageName(ImageNameParts parts)
    {
        Parts = parts;
        Registry = parts.Registry;
        Repository = parts.Repository;
        FullName = Write($"{Registry}/{Repository}", TagOrDefault);
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
    public string FullName { get; }

    /// <summary>
    /// The name as it is shown where it is meant in a registry, with that registry even where it is Docker Hub, and with the
    /// tag as written: <c>docker.io/library/ubuntu</c>.
    /// </summary>
    internal string RemoteName => Write($"{Registry}/{Repository}", Tag);

    /// <summary>
    /// The registry as messages show it: Docker Hub is meant by every name without a registry, also by one that was meant to
    /// have another.
    /// </summary>
    internal string ShownRegistry => Parts.WrittenRegistry is null ? $"{Registry} (the name has no registry)" : Registry;

    /// <summary>Equal for names of one repository, however their registry is written.</summary>
    internal string RepositoryKey => $"{RegistryAddress.HostOf(Registry)}/{Repository}";

    /// <summary>Equal for names of one image in one registry. A local store tells apart what differs in <see cref="FullName"/>.</summary>
    internal string SameImageKey => Write(RepositoryKey, TagOrDefault);

    /// <summary>The digest as a value.</summary>
    internal Digest? ContentDigest => Parts.Digest;

    /// <summary>Registry, path, tag and digest as they were written: what retagging starts from.</summary>
    internal ImageNameParts Parts { get; }

    /// <summary>The tag that is meant: <c>latest</c> where neither tag nor digest is written, null where only a digest is.</summary>
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
    /// <exception cref="CraneException">InvalidImageName, which says the part that is wrong and at which position.</exception>
    public static ImageName Parse(string text)
    {
        text ??= "";
        return ImageNameScanner.Scan(text, out var parts) is { } fault
            ? throw fault.ToException(CraneErrorId.InvalidImageName, Noun, UserInformation.MaskInImageName(text))
            : new(parts);
    }

    /// <summary>Reads an image name; false where the text is none.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out ImageName? name)
    {
        name = ImageNameScanner.Scan(text, out var parts) is null ? new(parts) : null;
        return name is not null;
    }

    /// <summary>Whether the two names mean the same.</summary>
    public static bool operator ==(ImageName? left, ImageName? right) => Equals(left, right);

    /// <summary>Whether the two names mean different things.</summary>
    public static bool operator !=(ImageName? left, ImageName? right) => !Equals(left, right);

    /// <inheritdoc/>
    public bool Equals(ImageName? other) => other is not null && FullName == other.FullName;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ImageName);

    /// <inheritdoc/>
    public override int GetHashCode() => FullName.GetHashCode(StringComparison.Ordinal);

    /// <summary>
    /// <see cref="Familiar"/>; with the registry where that alone would be read as another name
    /// (<c>docker.io/localhost/x</c>). It always reads back as this name.
    /// </summary>
    public override string ToString() => FamiliarReadsBack ? Familiar : RemoteName;

    /// <summary>
    /// Reads a name that a user wrote in a crane file, a plan or a parameter. A registry by its capitals alone is refused: the
    /// registry of such a name is replaced by another one, and a user taken for it would be lost.
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
            $"{VisibleText.Quote(host)} reads as a registry by its capitals alone; write {VisibleText.Quote(host.ToLowerInvariant() + path)}",
            $"If it is a registry, give its port, as in {VisibleText.Quote($"{host}:443{path}")}.")
            .ToException(CraneErrorId.InvalidImageName, Noun, text);
    }

    /// <summary>Whether a text is a tag.</summary>
    internal static bool IsValidTag(string? tag) => TagGrammar.Check(tag) is null;

    /// <summary>Puts a name together from parts that are valid each.</summary>
    /// <exception cref="CraneException">InvalidImageName where together they are too long.</exception>
    internal static ImageName FromParts(ImageNameParts parts) => parts.CheckLength() is { } fault
        ? throw fault.ToException(CraneErrorId.InvalidImageName, Noun, parts.ToString())
        : new(parts);

    /// <summary>The same image under another tag; a digest stays.</summary>
    /// <exception cref="CraneException">InvalidImageName where the text is no tag.</exception>
    internal ImageName WithTag(string tag) => TagGrammar.Check(tag) is { } fault
        ? throw fault.ToException(CraneErrorId.InvalidImageName, "Tag", tag)
        : new(Parts with { Tag = tag });

    /// <summary>The same name without its tag; <c>latest</c> is meant where there is no digest either.</summary>
    internal ImageName WithoutTag() => Tag is null ? this : new(Parts with { Tag = null });

    /// <summary>The same name with its registry written out, where that is Docker Hub, too.</summary>
    internal ImageName WithRegistry() => new(Parts with { WrittenRegistry = Registry, WrittenPath = Repository });

    /// <summary>The same name with that digest.</summary>
    /// <exception cref="CraneException">InvalidImageName where that is too long.</exception>
    internal ImageName WithDigest(Digest digest) => FromParts(Parts with { Digest = digest });

    /// <summary>The same name without its digest.</summary>
    internal ImageName WithoutDigest() => ContentDigest is null ? this : new(Parts with { Digest = null });

    private string Write(string path, string? tag) =>
        (tag is null ? path : $"{path}:{tag}") + (ContentDigest is null ? "" : $"@{ContentDigest}");
}

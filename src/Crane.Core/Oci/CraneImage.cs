using System.Collections.ObjectModel;
using Crane.CraneFile.Model;
using Crane.Errors;

namespace Crane;

/// <summary>An image in a registry, a layout folder or an engine: the output of <c>Get-CraneImage</c>.</summary>
public sealed record CraneImage
{
    internal CraneImage() { }

    /// <summary>The requested name.</summary>
    public string Name { get; internal init; } = "";

    /// <summary>Where the image is: a registry's host, a folder, or an engine.</summary>
    public string Store { get; internal init; } = "";

    /// <summary>The digest of its manifest or index; null if an engine knows none.</summary>
    public string? Digest { get; internal init; }

    /// <summary>Its platforms as <c>os/architecture[/variant]</c>.</summary>
    public IReadOnlyList<string> Platform
    {
        get;
        internal init => field = StringList.Of([.. value.Select(platform => VisibleText.Message(platform))]);
    } = StringList.Of([]);

    /// <summary>
    /// Bytes of the configuration and all layers: compressed in a registry or a folder, unpacked in an engine. Of an index, those of the
    /// image for this machine's platform, otherwise of its first one. Null if an engine does not say, and for an index without images.
    /// </summary>
    public long? SizeBytes { get; internal init; }

    /// <summary>When it was built, in UTC; null if unknown.</summary>
    public DateTime? Created { get; internal init; }

    /// <summary>The media type of its manifest; null if an engine does not say.</summary>
    public string? MediaType { get; internal init => field = VisibleText.Message(value); }

    /// <summary>Its labels, by name.</summary>
    public IReadOnlyDictionary<string, string> Label { get; internal init => field = LabelMap.Of(value); } = LabelMap.Of([]);

    /// <summary>Its layers, base first; empty for an index.</summary>
    public IReadOnlyList<ImageLayer> Layer { get; internal init => field = ValueList<ImageLayer>.Of(value); } =
        ValueList<ImageLayer>.Of([]);

    /// <summary>The images of an index; empty for an image.</summary>
    public IReadOnlyList<ImageManifest> Manifest { get; internal init => field = ValueList<ImageManifest>.Of(value); } =
        ValueList<ImageManifest>.Of([]);

    /// <summary>The name with its digest.</summary>
    public override string ToString() => Digest is null || Name.Contains('@', StringComparison.Ordinal) ? Name : $"{Name}@{Digest}";
}

/// <summary>A layer of an image.</summary>
public sealed record ImageLayer
{
    internal ImageLayer() { }

    /// <summary>Its digest: of the compressed layer in a registry or folder, of the unpacked layer in an engine.</summary>
    public string Digest { get; internal init; } = "";

    /// <summary>Its size in bytes; null if an engine does not say.</summary>
    public long? SizeBytes { get; internal init; }

    /// <summary>Its media type; null if an engine does not say.</summary>
    public string? MediaType { get; internal init => field = VisibleText.Message(value); }

    /// <summary>The digest.</summary>
    public override string ToString() => Digest;
}

/// <summary>An image in an index.</summary>
public sealed record ImageManifest
{
    internal ImageManifest() { }

    /// <summary>Its platform as <c>os/architecture[/variant]</c>; null for what does not run, such as an attestation.</summary>
    public string? Platform { get; internal init => field = VisibleText.Message(value); }

    /// <summary>The digest of its manifest.</summary>
    public string Digest { get; internal init; } = "";

    /// <summary>The size of its manifest in bytes.</summary>
    public long SizeBytes { get; internal init; }

    /// <summary>The media type of its manifest.</summary>
    public string MediaType { get; internal init => field = VisibleText.Message(value); } = "";

    /// <summary>The platform, if any, and the digest.</summary>
    public override string ToString() => Platform is null ? Digest : $"{Platform} {Digest}";
}

/// <summary>Labels with control characters escaped, compared by value.</summary>
internal sealed class LabelMap(IDictionary<string, string> labels) : ReadOnlyDictionary<string, string>(labels)
{
    public static IReadOnlyDictionary<string, string> Of(IEnumerable<KeyValuePair<string, string>> labels) => labels as LabelMap
        ?? new(labels.ToDictionary(label => VisibleText.Lines(label.Key), label => VisibleText.Lines(label.Value), StringComparer.Ordinal));

    public override bool Equals(object? obj) => obj is LabelMap other && Count == other.Count
        && this.All(label => other.TryGetValue(label.Key, out var value) && value == label.Value);

    public override int GetHashCode() => this.Aggregate(Count, (hash, label) => hash ^ HashCode.Combine(label.Key, label.Value));
}

/// <summary>A tag of a repository: the output of <c>Get-CraneTag</c>.</summary>
public sealed record CraneTag
{
    internal CraneTag(ImageName repository, string tag, bool isLocal)
    {
        Repository = isLocal ? repository.WithoutDigest().WithoutTag().ToString() : $"{repository.Registry}/{repository.Repository}";
        Tag = tag;
        Reference = $"{Repository}:{tag}";
    }

    /// <summary>The repository, with its registry unless it is local.</summary>
    public string Repository { get; }

    /// <summary>The tag.</summary>
    public string Tag { get; }

    /// <summary>The name of the image: the repository with the tag.</summary>
    public string Reference { get; }

    /// <summary>How the tag was read from its registry, if the crane file or a parameter said so; otherwise null.</summary>
    public IReadOnlyList<RegistrySetting>? RegistrySetting { get; internal init => field = SectionList<RegistrySetting>.OfAny(value); }

    /// <summary>The name of the image.</summary>
    public override string ToString() => Reference;
}

using Crane.Oci;

namespace Crane.Moving.Content;

/// <summary>What of an image is moved.</summary>
internal sealed record TransferOptions
{
    /// <summary>The platforms that are wanted; empty for all that the source has.</summary>
    public IReadOnlyList<ImagePlatform> Platforms { get; init; } = [];

    /// <summary>Whether what refers to the image comes along: signatures, attestations, bills of material.</summary>
    public bool IncludeReferrers { get; init; }

    /// <summary>Whether layers come along that their publisher keeps. Then no image counts as being there: these may be missing.</summary>
    public bool IncludeForeignLayers { get; init; }
}

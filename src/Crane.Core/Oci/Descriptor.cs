using Crane.Names;

namespace Crane.Oci;

/// <summary>What points at content: its kind, its digest, its size. After the OCI image specification.</summary>
/// <param name="MediaType">The kind of content.</param>
/// <param name="Digest">The digest of its bytes.</param>
/// <param name="Size">How many bytes it has.</param>
internal sealed record Descriptor(string MediaType, Digest Digest, long Size)
{
    /// <summary>What an image of an index runs on; null where that is not said.</summary>
    public ImagePlatform? Platform { get; init; }

    /// <summary>The same, for what runs: BuildKit lists its attestations under a platform <c>unknown/unknown</c>.</summary>
    public ImagePlatform? RunsOn => Platform is { Os: not "unknown" } ? Platform : null;

    /// <summary>What kind of artifact a manifest is, where it is none that runs.</summary>
    public string? ArtifactType { get; init; }

    /// <summary>Annotations; empty where there are none.</summary>
    public IReadOnlyDictionary<string, string> Annotations { get; init; } = NoAnnotations;

    /// <summary>
    /// Whether the content is not in the registry but where its publisher keeps it: layers of Windows' base images were
    /// of this kind. Clients leave them where they are, unless they are told otherwise.
    /// </summary>
    public bool IsForeign => MediaTypes.IsForeignLayer(MediaType);

    /// <summary>Where else the content is, as its publisher says: addresses; empty where there are none.</summary>
    public IReadOnlyList<string> Urls { get; init; } = [];

    /// <summary>The digest's first twelve digits, as tools show it.</summary>
    public string ShortId => Digest.Hex[..12];

    internal static IReadOnlyDictionary<string, string> NoAnnotations { get; } =
        new Dictionary<string, string>(StringComparer.Ordinal).AsReadOnly();
}

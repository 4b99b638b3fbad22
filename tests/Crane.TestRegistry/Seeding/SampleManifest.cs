namespace Crane.Testing;

/// <summary>A manifest or index that was put into a registry.</summary>
/// <param name="Repository">Where it is.</param>
/// <param name="MediaType">What it is.</param>
/// <param name="Digest">Its digest.</param>
/// <param name="Content">Its bytes.</param>
public sealed record SampleManifest(string Repository, string MediaType, string Digest, byte[] Content)
{
    /// <summary>The digests of what it consists of: configuration and layers, or the manifests of an index.</summary>
    public IReadOnlyList<string> Parts { get; init; } = [];

    /// <summary>The architecture of an image; null for anything else.</summary>
    public string? Architecture { get; init; }

    internal object Describe() => new { mediaType = MediaType, digest = Digest, size = Content.Length };
}

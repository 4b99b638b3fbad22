namespace Crane.Oci;

/// <summary>The kinds of content that images are made of, as the OCI and Docker call them.</summary>
internal static class MediaTypes
{
    public const string OciIndex = "application/vnd.oci.image.index.v1+json";
    public const string OciManifest = "application/vnd.oci.image.manifest.v1+json";
    public const string OciArtifact = "application/vnd.oci.artifact.manifest.v1+json";
    public const string DockerList = "application/vnd.docker.distribution.manifest.list.v2+json";
    public const string DockerManifest = "application/vnd.docker.distribution.manifest.v2+json";

    private const string DockerSchema1 = "application/vnd.docker.distribution.manifest.v1+json";
    private const string SignedDockerSchema1 = "application/vnd.docker.distribution.manifest.v1+prettyjws";

    /// <summary>The manifests that can be read, best first: what a registry is told to answer with.</summary>
    public static IReadOnlyList<string> Manifests { get; } = [OciIndex, OciManifest, DockerList, DockerManifest, OciArtifact];

    public static bool IsIndex(string mediaType) => mediaType is OciIndex or DockerList;

    public static bool IsManifest(string mediaType) => mediaType is OciManifest or DockerManifest or OciArtifact;

    /// <summary>
    /// Whether what an index lists is a blob. Indexes are for manifests, but BuildKit's cache lists the layers themselves.
    /// </summary>
    public static bool IsBlob(string listed) => listed.Length > 0 && !IsIndex(listed) && !IsManifest(listed) && !IsSchema1(listed);

    public static bool IsSchema1(string mediaType) => mediaType is DockerSchema1 or SignedDockerSchema1;

    public static bool IsForeignLayer(string mediaType) =>
        mediaType.StartsWith("application/vnd.oci.image.layer.nondistributable.", StringComparison.Ordinal)
        || mediaType.StartsWith("application/vnd.docker.image.rootfs.foreign.", StringComparison.Ordinal);
}

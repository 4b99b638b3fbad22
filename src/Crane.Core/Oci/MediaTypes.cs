namespace Crane.Oci;

/// <summary>The media types of the OCI and Docker.</summary>
internal static class MediaTypes
{
    public const string OciIndex = "application/vnd.oci.image.index.v1+json";
    public const string OciManifest = "application/vnd.oci.image.manifest.v1+json";
    public const string OciArtifact = "application/vnd.oci.artifact.manifest.v1+json";
    public const string DockerList = "application/vnd.docker.distribution.manifest.list.v2+json";
    public const string DockerManifest = "application/vnd.docker.distribution.manifest.v2+json";

    private const string DockerSchema1 = "application/vnd.docker.distribution.manifest.v1+json";
    private const string SignedDockerSchema1 = "application/vnd.docker.distribution.manifest.v1+prettyjws";

    /// <summary>The supported manifests, best first: the Accept header of requests.</summary>
    public static IReadOnlyList<string> Manifests { get; } = [OciIndex, OciManifest, DockerList, DockerManifest, OciArtifact];

    public static bool IsIndex(string mediaType) => mediaType is OciIndex or DockerList;

    public static bool IsManifest(string mediaType) => mediaType is OciManifest or DockerManifest or OciArtifact;

    /// <summary>Whether an entry of an index is a blob. Indexes are for manifests, but BuildKit's cache lists layers in one.</summary>
    public static bool IsBlob(string mediaType) =>
        mediaType.Length > 0 && !IsIndex(mediaType) && !IsManifest(mediaType) && !IsSchema1(mediaType);

    public static bool IsSchema1(string mediaType) => mediaType is DockerSchema1 or SignedDockerSchema1;

    public static bool IsForeignLayer(string mediaType) =>
        mediaType.StartsWith("application/vnd.oci.image.layer.nondistributable.", StringComparison.Ordinal)
        || mediaType.StartsWith("application/vnd.docker.image.rootfs.foreign.", StringComparison.Ordinal);
}

namespace Crane.Testing;

/// <summary>The media types that manifests and what they consist of have.</summary>
public sealed record ManifestFormat(string Manifest, string Index, string Config, string Layer)
{
    /// <summary>Those of the OCI Image Specification.</summary>
    public static ManifestFormat Oci { get; } = new(
        "application/vnd.oci.image.manifest.v1+json",
        "application/vnd.oci.image.index.v1+json",
        "application/vnd.oci.image.config.v1+json",
        "application/vnd.oci.image.layer.v1.tar+gzip");

    /// <summary>Those of Docker's image manifest, version 2, schema 2.</summary>
    public static ManifestFormat Docker { get; } = new(
        "application/vnd.docker.distribution.manifest.v2+json",
        "application/vnd.docker.distribution.manifest.list.v2+json",
        "application/vnd.docker.container.image.v1+json",
        "application/vnd.docker.image.rootfs.diff.tar.gzip");
}

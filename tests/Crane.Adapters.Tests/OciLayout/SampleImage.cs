using System.Text;
using System.Text.Json;
using Crane.Adapters.Tests.Engine;
using Crane.Names;
using Crane.Oci;

namespace Crane.Adapters.Tests.OciLayout;

/// <summary>An image in memory, with layers that no other image has.</summary>
internal sealed class SampleImage
{
    private readonly Dictionary<Digest, byte[]> _blobs = [];

    private SampleImage(int layers, int layerSize)
    {
        var descriptors = Enumerable.Range(0, layers)
            .Select(_ => Add("application/vnd.oci.image.layer.v1.tar", SampleImages.Tar(layerSize))).ToList();
        var config = Add("application/vnd.oci.image.config.v1+json", JsonSerializer.SerializeToUtf8Bytes(new
        {
            architecture = "amd64",
            os = "linux",
            rootfs = new { type = "layers", diff_ids = descriptors.Select(layer => layer.Digest.ToString()) },
        }));
        Manifest = Sample.Manifest(new
        {
            schemaVersion = 2,
            mediaType = MediaTypes.OciManifest,
            config = Sample.Json(config),
            layers = descriptors.Select(Sample.Json),
        });
    }

    public Manifest Manifest { get; }

    public Digest Digest => Manifest.Descriptor.Digest;

    public IEnumerable<Descriptor> Blobs => Manifest.Blobs;

    public static SampleImage Make(int layers = 1, int layerSize = 1000) => new(layers, layerSize);

    public byte[] Bytes(Descriptor blob) => _blobs[blob.Digest];

    /// <summary>A blob to write, from memory.</summary>
    public BlobWrite Write(Descriptor blob) => Sample.Write(blob, _blobs[blob.Digest]);

    /// <summary>Writes the whole image under names.</summary>
    public async Task WriteAsync(IContentTarget target, params string[] names)
    {
        var cancellation = TestContext.Current.CancellationToken;
        foreach (var blob in Blobs)
            await target.WriteBlobAsync(Sample.Repository, Write(blob), cancellation);
        await target.WriteManifestAsync(Sample.Repository, Manifest, cancellation);
        foreach (var name in names)
            await target.WriteTagAsync(ImageName.Parse(name), Manifest, cancellation);
    }

    private Descriptor Add(string mediaType, byte[] content)
    {
        var blob = Sample.Blob(content, mediaType);
        _blobs[blob.Digest] = content;
        return blob;
    }
}

/// <summary>Pieces of images.</summary>
internal static class Sample
{
    public static ImageName Repository { get; } = ImageName.Parse("company/os");

    public static byte[] Bytes(string content) => Encoding.UTF8.GetBytes(content);

    public static Descriptor Blob(byte[] content, string mediaType = "application/octet-stream") =>
        new(mediaType, Digest.OfSha256(content), content.Length);

    /// <summary>A blob to write, from memory.</summary>
    public static BlobWrite Write(Descriptor blob, byte[] content) => new(
        blob, (offset, _) => Task.FromResult<Stream>(new MemoryStream(content[(int)offset..])));

    public static object Json(Descriptor descriptor) => new
    {
        mediaType = descriptor.MediaType,
        digest = descriptor.Digest.ToString(),
        size = descriptor.Size,
    };

    /// <summary>A manifest or an index of what its JSON says.</summary>
    public static Manifest Manifest(object json) =>
        Oci.Manifest.Read(JsonSerializer.SerializeToUtf8Bytes(json), null, null, Repository);

    public static Manifest Index(params Descriptor[] manifests) =>
        Manifest(new { schemaVersion = 2, mediaType = MediaTypes.OciIndex, manifests = manifests.Select(Json) });
}

using System.Text.Json.Nodes;
using System.Text.Json;
using Crane.Errors;
using Crane.Names;

namespace Crane.Oci;

/// <summary>A manifest or an index: its exact bytes, whose digest it has, and their content.</summary>
internal sealed class Manifest
{
    /// <summary>The largest manifest that is read, in bytes: the limit of the OCI distribution specification.</summary>
    public const int MaxSize = 4 * 1024 * 1024;

    private Manifest(Descriptor descriptor, ReadOnlyMemory<byte> bytes, ManifestContent content)
    {
        Descriptor = descriptor;
        Bytes = bytes;
        Content = content;
    }

    public Descriptor Descriptor { get; }

    public ReadOnlyMemory<byte> Bytes { get; }

    public bool IsIndex => MediaTypes.IsIndex(Descriptor.MediaType);

    /// <summary>The images of an index; empty for an image.</summary>
    public IReadOnlyList<Descriptor> Manifests => Content.Manifests;

    /// <summary>The configuration of an image; null for an index, and for an artifact that has none.</summary>
    public Descriptor? Config => Content.Config;

    /// <summary>The layers of an image, base first; empty for an index.</summary>
    public IReadOnlyList<Descriptor> Layers => Content.Layers;

    /// <summary>The subject of a referrer, such as a signature; null for others.</summary>
    public Descriptor? Subject => Content.Subject;

    public ManifestContent Content { get; }

    /// <summary>The blobs that must exist before the manifest, each once.</summary>
    public IEnumerable<Descriptor> Blobs => AllBlobs.Where(blob => !blob.IsForeign);

    /// <summary>The same, including those that their publisher serves.</summary>
    public IEnumerable<Descriptor> AllBlobs => Layers.Prepend(Config).OfType<Descriptor>().DistinctBy(blob => blob.Digest);

    /// <summary>Bytes of the configuration and all layers, limited to <see cref="long.MaxValue"/>.</summary>
    public long ContentSize => (long)Layers.Prepend(Config).OfType<Descriptor>()
        .Aggregate(UInt128.Zero, (sum, blob) => UInt128.Min(sum + (ulong)blob.Size, long.MaxValue));

    /// <summary>Reads a manifest.</summary>
    /// <param name="mediaType">The media type in the response's header; null if only the content can tell.</param>
    /// <param name="digest">Its digest, checked by the caller; null to compute a SHA-256 digest.</param>
    /// <exception cref="CraneException">PullFailed for an invalid or unsupported manifest.</exception>
    public static Manifest Read(ReadOnlyMemory<byte> bytes, string? mediaType, Digest? digest, ImageName image)
    {
        var content = ManifestContent.Read(bytes, mediaType, image);
        var descriptor = new Descriptor(content.MediaType, digest ?? Digest.OfSha256(bytes.Span), bytes.Length)
        {
            ArtifactType = content.ArtifactType,
            Annotations = content.Annotations,
        };
        return new Manifest(descriptor, bytes, content);
    }

    /// <summary>This manifest with a change; the rest of its JSON stays as written.</summary>
    /// <exception cref="CraneException">PullFailed for a duplicate key, which would make it ambiguous.</exception>
    public Manifest With(Action<JsonObject> change, ImageName image)
    {
        try
        {
            var json = JsonNode.Parse(Bytes.Span)!.AsObject();
            change(json);
            return Read(JsonSerializer.SerializeToUtf8Bytes(json), Descriptor.MediaType, null, image);
        }
        // ArgumentException: a duplicate key. InvalidOperationException: a key with half a surrogate pair.
        catch (Exception error) when (error is ArgumentException or InvalidOperationException)
        {
            throw ManifestContent.Unusable(image, "it has a duplicate or invalid key");
        }
    }
}

/// <summary>The content of a manifest or an index, after the OCI image specification and Docker's schema 2.</summary>
internal sealed record ManifestContent(string MediaType)
{
    /// <summary>The images of an index.</summary>
    public IReadOnlyList<Descriptor> Manifests { get; private init; } = [];

    /// <summary>The configuration of an image.</summary>
    public Descriptor? Config { get; private init; }

    /// <summary>The layers of an image, base first.</summary>
    public IReadOnlyList<Descriptor> Layers { get; private init; } = [];

    /// <summary>The subject of a referrer.</summary>
    public Descriptor? Subject { get; private init; }

    /// <summary>The type of artifact: as written, otherwise the media type of its configuration.</summary>
    public string? ArtifactType { get; private init; }

    public IReadOnlyDictionary<string, string> Annotations { get; private init; } = Descriptor.NoAnnotations;

    /// <exception cref="CraneException">PullFailed.</exception>
    public static ManifestContent Read(ReadOnlyMemory<byte> bytes, string? mediaType, ImageName image)
    {
        try
        {
            using var document = JsonDocument.Parse(bytes);
            return Read(document.RootElement, mediaType);
        }
        catch (Exception error) when (error is FormatException || JsonErrors.IsUnreadable(error))
        {
            throw Unusable(image, JsonErrors.Words(error));
        }
    }

    public static CraneException Unusable(ImageName image, string why) => new(
        CraneErrorId.PullFailed, $"The manifest of '{image}' cannot be used: {why}.",
        "Build and push the image again with a current tool.");

    private static ManifestContent Read(JsonElement root, string? sentAs)
    {
        if (root.ValueKind != JsonValueKind.Object)
            throw new FormatException("it is not a JSON object");
        var written = DescriptorReader.Text(root, "mediaType");
        var mediaType = MediaTypeOf(root, sentAs, written);
        var isIndex = MediaTypes.IsIndex(mediaType);

        // Tools could disagree about which of the two such a document is.
        if (root.TryGetProperty(isIndex ? "layers" : "manifests", out _))
            throw new FormatException("it is both an image and an index");
        if (isIndex)
        {
            return new ManifestContent(mediaType)
            {
                Manifests = DescriptorReader.ReadAll(root, "manifests"),
                Subject = DescriptorReader.ReadOne(root, "subject"),
                ArtifactType = DescriptorReader.Text(root, "artifactType"),
                Annotations = DescriptorReader.Annotations(root),
            };
        }

        if (mediaType == MediaTypes.OciArtifact)
        {
            return new ManifestContent(mediaType)
            {
                Layers = DescriptorReader.ReadAll(root, "blobs"),
                Subject = DescriptorReader.ReadOne(root, "subject"),
                ArtifactType = DescriptorReader.Text(root, "artifactType"),
                Annotations = DescriptorReader.Annotations(root),
            };
        }

        var config = DescriptorReader.ReadOne(root, "config") ?? throw new FormatException("it has no config");
        return new ManifestContent(mediaType)
        {
            Config = config,
            Layers = DescriptorReader.ReadAll(root, "layers"),
            Subject = DescriptorReader.ReadOne(root, "subject"),
            ArtifactType = DescriptorReader.Text(root, "artifactType") ?? config.MediaType,
            Annotations = DescriptorReader.Annotations(root),
        };
    }

    // Some registries send everything as application/json or octets, and OCI manifests may omit their media type.
    private static string MediaTypeOf(JsonElement root, string? sentAs, string? written)
    {
        if (sentAs is not null && MediaTypes.IsSchema1(sentAs) || written is not null && MediaTypes.IsSchema1(written))
            throw Schema1();
        foreach (var kind in new[] { written, sentAs })
            if (kind is not null && (MediaTypes.IsIndex(kind) || MediaTypes.IsManifest(kind)))
                return kind;
        if (root.TryGetProperty("manifests", out _))
            return MediaTypes.OciIndex;
        if (root.TryGetProperty("config", out _))
            return MediaTypes.OciManifest;
        throw root.TryGetProperty("fsLayers", out _) ? Schema1()
            : new FormatException((written ?? sentAs) is { } type ? $"unknown manifest type '{type}'" : "it has no known manifest type");
    }

    private static FormatException Schema1() => new("it uses Docker's schema 1, the format until 2016, which Crane does not support");
}

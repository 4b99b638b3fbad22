using System.Text.Json.Nodes;
using System.Text.Json;
using Crane.Errors;
using Crane.Names;

namespace Crane.Oci;

/// <summary>A manifest or an index: its exact bytes, which its digest is of, and what they say.</summary>
internal sealed class Manifest
{
    /// <summary>The largest manifest that is read, in bytes: the bound that the OCI distribution specification gives.</summary>
    public const int MaxSize = 4 * 1024 * 1024;

    private Manifest(Descriptor descriptor, ReadOnlyMemory<byte> bytes, ManifestContent content)
    {
        Descriptor = descriptor;
        Bytes = bytes;
        Content = content;
    }

    /// <summary>What others call it by.</summary>
    public Descriptor Descriptor { get; }

    /// <summary>The bytes, as they were read.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>Whether it lists images, for several platforms, rather than being one.</summary>
    public bool IsIndex => MediaTypes.IsIndex(Descriptor.MediaType);

    /// <summary>The images of an index; empty for an image.</summary>
    public IReadOnlyList<Descriptor> Manifests => Content.Manifests;

    /// <summary>The configuration of an image; null for an index, and for an artifact that has none.</summary>
    public Descriptor? Config => Content.Config;

    /// <summary>The layers of an image, base first; empty for an index.</summary>
    public IReadOnlyList<Descriptor> Layers => Content.Layers;

    /// <summary>What it is about, where it is a referrer: a signature, say.</summary>
    public Descriptor? Subject => Content.Subject;

    /// <summary>What the manifest itself says, beside what a descriptor can.</summary>
    public ManifestContent Content { get; }

    /// <summary>The blobs that have to be where the manifest is, each once.</summary>
    public IEnumerable<Descriptor> Blobs => AllBlobs.Where(blob => !blob.IsForeign);

    /// <summary>The same, with those that their publisher keeps.</summary>
    public IEnumerable<Descriptor> AllBlobs => Layers.Prepend(Config).OfType<Descriptor>().DistinctBy(blob => blob.Digest);

    /// <summary>How many bytes the configuration and all layers have; at most what a number can say, whatever their descriptors claim.</summary>
    public long ContentSize => (long)Layers.Prepend(Config).OfType<Descriptor>()
        .Aggregate(UInt128.Zero, (sum, blob) => UInt128.Min(sum + (ulong)blob.Size, long.MaxValue));

    /// <summary>Reads a manifest.</summary>
    /// <param name="bytes">Its bytes.</param>
    /// <param name="mediaType">What it was sent as; null where only the bytes can tell.</param>
    /// <param name="digest">
    /// The digest that it is known to have, checked by the caller; null to compute a SHA-256.
    /// </param>
    /// <param name="image">Whose manifest it is, for messages.</param>
    /// <exception cref="CraneException">PullFailed for what is no manifest, or one of Docker's schema 1.</exception>
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

    /// <summary>Another manifest of the same kind: this one with a change; what that leaves alone stays as it is written.</summary>
    /// <exception cref="CraneException">PullFailed where a key is there twice, so that nobody knows what it means.</exception>
    public Manifest With(Action<JsonObject> change, ImageName image)
    {
        try
        {
            var json = JsonNode.Parse(Bytes.Span)!.AsObject();
            change(json);
            return Read(JsonSerializer.SerializeToUtf8Bytes(json), Descriptor.MediaType, null, image);
        }
        // ArgumentException: the key that is there twice. InvalidOperationException: one with half a surrogate pair.
        catch (Exception fault) when (fault is ArgumentException or InvalidOperationException)
        {
            throw ManifestContent.Unusable(image, "a key is in it twice, or is no text");
        }
    }
}

/// <summary>What the JSON of a manifest or an index says, after the OCI image specification and Docker's schema 2.</summary>
internal sealed record ManifestContent(string MediaType)
{
    /// <summary>The images of an index.</summary>
    public IReadOnlyList<Descriptor> Manifests { get; private init; } = [];

    /// <summary>The configuration of an image.</summary>
    public Descriptor? Config { get; private init; }

    /// <summary>The layers of an image, base first.</summary>
    public IReadOnlyList<Descriptor> Layers { get; private init; } = [];

    /// <summary>What a referrer is about.</summary>
    public Descriptor? Subject { get; private init; }

    /// <summary>The kind of artifact: what is written, else the kind of its configuration.</summary>
    public string? ArtifactType { get; private init; }

    /// <summary>Annotations of the manifest itself.</summary>
    public IReadOnlyDictionary<string, string> Annotations { get; private init; } = Descriptor.NoAnnotations;

    /// <exception cref="CraneException">PullFailed.</exception>
    public static ManifestContent Read(ReadOnlyMemory<byte> bytes, string? mediaType, ImageName image)
    {
        try
        {
            using var document = JsonDocument.Parse(bytes);
            return Read(document.RootElement, mediaType);
        }
        catch (Exception fault) when (fault is FormatException || JsonErrors.IsUnreadable(fault))
        {
            throw Unusable(image, JsonErrors.Words(fault));
        }
    }

    /// <summary>The error for a manifest that is not as it should be.</summary>
    public static CraneException Unusable(ImageName image, string why) => new(
        CraneErrorId.PullFailed, $"The manifest of '{image}' cannot be used: {why}.", "Build and push the image anew with a current tool.");

    private static ManifestContent Read(JsonElement root, string? sentAs)
    {
        if (root.ValueKind != JsonValueKind.Object)
            throw new FormatException("it is not a JSON object");
        var written = DescriptorReader.Text(root, "mediaType");
        var mediaType = KindOf(root, sentAs, written);
        var isIndex = MediaTypes.IsIndex(mediaType);

        // A document that is both could be taken for one thing here and for another there.
        if (root.TryGetProperty(isIndex ? "layers" : "manifests", out _))
            throw new FormatException("it is an image and an index at once");
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

    // Some registries send everything as application/json or octets, and OCI lets a document leave its kind out.
    private static string KindOf(JsonElement root, string? sentAs, string? written)
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
        throw root.TryGetProperty("fsLayers", out _) ? Schema1() : new FormatException($"'{written ?? sentAs ?? "it"}' is no kind of manifest that is known");
    }

    private static FormatException Schema1() => new("it is of Docker's schema 1, the format until 2016, which Crane does not copy");
}

using System.Text.Json;
using Crane.Errors;

namespace Crane.Oci;

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
        catch (Exception fault) when (fault is FormatException || JsonFaults.IsUnreadable(fault))
        {
            throw Unusable(image, JsonFaults.Words(fault));
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

using System.Text.Json;
using System.Text.Json.Nodes;
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

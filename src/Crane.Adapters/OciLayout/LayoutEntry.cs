using System.Text.Encodings.Web;
using System.Text.Json;
using Crane.Oci;

namespace Crane.Adapters.OciLayout;

/// <summary>An entry of <c>index.json</c>: what it says, and its exact text, in which it is written again.</summary>
internal sealed class LayoutEntry
{
    private const string RefName = "org.opencontainers.image.ref.name";

    // buildx, containerd and docker save write the whole name here, and leave no more than the tag for the reference name.
    private const string ContainerdName = "io.containerd.image.name";

    private readonly IReadOnlyDictionary<string, string> _annotations;

    private LayoutEntry(string text, Descriptor? image, IReadOnlyDictionary<string, string> annotations)
    {
        Text = text;
        Image = image;
        _annotations = annotations;
        Name = NameIn(ContainerdName) ?? NameIn(RefName);
    }

    /// <summary>The entry as it is written.</summary>
    public string Text { get; }

    /// <summary>The image that it points at; null where it points at something else, or in a way that cannot be read.</summary>
    public Descriptor? Image { get; }

    /// <summary>The name that it gives the image, with a tag and without a digest; null for none.</summary>
    public ImageName? Name { get; }

    /// <summary>The name as it is written: what distinguishes entries of one name. Null where there is none.</summary>
    public (string? Containerd, string? Reference) Spelling =>
        (_annotations.GetValueOrDefault(ContainerdName), _annotations.GetValueOrDefault(RefName));

    /// <summary>The spelling of a name that Crane writes: the familiar form with the tag.</summary>
    /// <param name="name">A name without a digest.</param>
    public static string Canonical(ImageName name) => name.WithTag(name.TagOrDefault!).ToString();

    /// <summary>Reads an entry. One in a form that is not known points at nothing.</summary>
    public static LayoutEntry Read(JsonElement item)
    {
        var annotations = item.ValueKind == JsonValueKind.Object && TryRead(item, DescriptorReader.Annotations) is { } found
            ? found
            : Descriptor.NoAnnotations;
        var descriptor = TryRead(item, DescriptorReader.Of);
        return new LayoutEntry(item.GetRawText(), IsImage(descriptor?.MediaType ?? "") ? descriptor : null, annotations);
    }

    /// <summary>An entry that gives an image a name.</summary>
    public static LayoutEntry Named(string spelling, Descriptor image) =>
        Write(image with { ArtifactType = null }, [new(RefName, spelling)]);

    /// <summary>An entry without a name, for a manifest that is about another one: as a registry would list it.</summary>
    public static LayoutEntry Referrer(Descriptor manifest) => Write(
        manifest, manifest.Annotations.Where(entry => entry.Key is not (RefName or ContainerdName)));

    /// <summary>The same names for another image. What else it says is about the image before.</summary>
    public LayoutEntry For(Descriptor image) => Write(
        image with { ArtifactType = null }, _annotations.Where(entry => entry.Key is RefName or ContainerdName));

    private static bool IsImage(string mediaType) => MediaTypes.IsIndex(mediaType) || MediaTypes.IsManifest(mediaType);

    private ImageName? NameIn(string annotation) =>
        ImageName.TryParse(_annotations.GetValueOrDefault(annotation), out var name) && name.TagOrDefault is not null
            ? name.WithoutDigest()
            : null;

    // InvalidOperationException: a text with half a surrogate pair, which no text of .NET can be.
    private static T? TryRead<T>(JsonElement item, Func<JsonElement, T> read)
        where T : class
    {
        try
        {
            return read(item);
        }
        catch (Exception unknown) when (unknown is FormatException or InvalidOperationException)
        {
            return null;
        }
    }

    private static LayoutEntry Write(Descriptor image, IEnumerable<KeyValuePair<string, string>> annotations)
    {
        using var text = new MemoryStream();
        using (var writer = new Utf8JsonWriter(text, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            writer.WriteString("mediaType", image.MediaType);
            writer.WriteString("digest", image.Digest.ToString());
            writer.WriteNumber("size", image.Size);
            if (image.ArtifactType is not null)
                writer.WriteString("artifactType", image.ArtifactType);
            writer.WriteStartObject("annotations");
            foreach (var (key, value) in annotations)
                writer.WriteString(key, value);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }
        using var document = JsonDocument.Parse(text.ToArray());
        return Read(document.RootElement);
    }
}

using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Crane.Names;
using Crane.Oci;

namespace Crane.Adapters.OciLayout;

/// <summary>
/// The content of a layout's <c>index.json</c>: the entries, in order, and whatever other programs wrote there, which is kept verbatim.
/// </summary>
internal sealed class LayoutIndex
{
    private const string List = "manifests";

    private readonly JsonElement _root;
    private readonly bool _isIndented;

    private LayoutIndex(JsonElement root, bool isIndented, IReadOnlyList<LayoutEntry> entries) =>
        (_root, _isIndented, Entries) = (root, isIndented, entries);

    public static LayoutIndex Empty { get; } = Parse(Encoding.UTF8.GetBytes(
        $$"""{"schemaVersion":2,"mediaType":"{{MediaTypes.OciIndex}}","{{List}}":[]}"""));

    public IReadOnlyList<LayoutEntry> Entries { get; }

    /// <exception cref="JsonException">It is not JSON.</exception>
    /// <exception cref="FormatException">It is JSON, but not an index.</exception>
    public static LayoutIndex Parse(ReadOnlyMemory<byte> text)
    {
        using var document = JsonDocument.Parse(text);
        var root = document.RootElement.Clone();
        if (root.ValueKind != JsonValueKind.Object)
            throw new FormatException("it is not a JSON object");
        if (root.TryGetProperty("schemaVersion", out var version) && version.GetRawText() != "2")
            throw new FormatException($"its schemaVersion is {version.GetRawText()}, not 2");
        if (root.EnumerateObject().Count(property => property.Name == List) > 1)
            throw new FormatException($"it has '{List}' twice");

        // Programs written in Go write null for an empty list.
        var entries = root.TryGetProperty(List, out var list) && list.ValueKind != JsonValueKind.Null ? list : default;
        if (entries.ValueKind is not (JsonValueKind.Array or JsonValueKind.Undefined))
            throw new FormatException($"its '{List}' is not a list");
        return new LayoutIndex(
            root, text.Span.Contains((byte)'\n'),
            entries.ValueKind == JsonValueKind.Array ? [.. entries.EnumerateArray().Select(LayoutEntry.Read)] : []);
    }

    /// <summary>The images of that name.</summary>
    /// <param name="name">A name without a digest.</param>
    public IEnumerable<Descriptor> Of(ImageName name) =>
        Entries.Where(entry => entry.Name == name).Select(entry => entry.Image).OfType<Descriptor>();

    /// <summary>The image with that digest, where an entry refers to it.</summary>
    public Descriptor? Find(Digest digest) => Entries.FirstOrDefault(entry => entry.Image?.Digest == digest)?.Image;

    /// <summary>
    /// The index in which a name, in every existing spelling and in Crane's own, refers to that image only; this instance where
    /// it already does.
    /// </summary>
    public LayoutIndex WithName(ImageName name, Descriptor image)
    {
        var canonical = LayoutEntry.Canonical(name);
        var spellings = new HashSet<(string?, string?)>();
        var entries = new List<LayoutEntry>(Entries.Count + 1);
        foreach (var entry in Entries)
        {
            if (entry.Name != name)
                entries.Add(entry);
            else if (spellings.Add(entry.Spelling))
                entries.Add(entry.Image?.Digest == image.Digest ? entry : entry.For(image));
        }

        if (!spellings.Any(spelling => spelling.Item2 == canonical))
            entries.Add(LayoutEntry.Named(canonical, image));
        return entries.SequenceEqual(Entries) ? this : new LayoutIndex(_root, _isIndented, entries);
    }

    /// <summary>The index without a name; this instance where it does not have it.</summary>
    public LayoutIndex WithoutName(ImageName name) => Entries.Any(entry => entry.Name == name)
        ? new LayoutIndex(_root, _isIndented, [.. Entries.Where(entry => entry.Name != name)])
        : this;

    /// <summary>The index with an entry for a manifest that has a subject; this instance where it already has one.</summary>
    public LayoutIndex WithReferrer(Descriptor manifest) => Find(manifest.Digest) is null
        ? new LayoutIndex(_root, _isIndented, [.. Entries, LayoutEntry.Referrer(manifest)])
        : this;

    public byte[] ToBytes()
    {
        using var text = new MemoryStream();
        var form = new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, Indented = _isIndented };
        using (var writer = new Utf8JsonWriter(text, form))
        {
            writer.WriteStartObject();
            foreach (var property in _root.EnumerateObject().Where(property => !property.NameEquals(List)))
            {
                writer.WritePropertyName(property.Name);
                writer.WriteRawValue(property.Value.GetRawText());
            }
            writer.WriteStartArray(List);
            foreach (var entry in Entries)
                writer.WriteRawValue(entry.Json);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }
        return text.ToArray();
    }
}

/// <summary>An entry of <c>index.json</c>, with its exact JSON, which is written back unchanged.</summary>
internal sealed class LayoutEntry
{
    private const string RefName = "org.opencontainers.image.ref.name";

    // buildx, containerd and docker save write the full name here, and only the tag as the reference name.
    private const string ContainerdName = "io.containerd.image.name";

    private readonly IReadOnlyDictionary<string, string> _annotations;

    private LayoutEntry(string json, Descriptor? image, IReadOnlyDictionary<string, string> annotations)
    {
        Json = json;
        Image = image;
        _annotations = annotations;
        Name = NameIn(ContainerdName) ?? NameIn(RefName);
    }

    public string Json { get; }

    /// <summary>The image that it refers to; null for anything else, or an unreadable entry.</summary>
    public Descriptor? Image { get; }

    /// <summary>The name of the image, with a tag and without a digest; null for none.</summary>
    public ImageName? Name { get; }

    /// <summary>The name as it is written, which distinguishes entries of one name.</summary>
    public (string? Containerd, string? Reference) Spelling =>
        (_annotations.GetValueOrDefault(ContainerdName), _annotations.GetValueOrDefault(RefName));

    /// <summary>The spelling that Crane writes: the familiar form with the tag.</summary>
    /// <param name="name">A name without a digest.</param>
    public static string Canonical(ImageName name) => name.WithTag(name.TagOrDefault!).ToString();

    /// <summary>Reads an entry. One of an unknown form refers to no image.</summary>
    public static LayoutEntry Read(JsonElement item)
    {
        var annotations = item.ValueKind == JsonValueKind.Object && TryRead(item, DescriptorReader.Annotations) is { } found
            ? found
            : Descriptor.NoAnnotations;
        var descriptor = TryRead(item, DescriptorReader.Of);
        return new LayoutEntry(item.GetRawText(), IsImage(descriptor?.MediaType ?? "") ? descriptor : null, annotations);
    }

    /// <summary>An entry with a name.</summary>
    public static LayoutEntry Named(string spelling, Descriptor image) =>
        Write(image with { ArtifactType = null }, [new(RefName, spelling)]);

    /// <summary>An entry without a name, for a manifest with a subject: as a registry would list it.</summary>
    public static LayoutEntry Referrer(Descriptor manifest) => Write(
        manifest, manifest.Annotations.Where(entry => entry.Key is not (RefName or ContainerdName)));

    /// <summary>The same names for another image. Its other annotations describe the previous image.</summary>
    public LayoutEntry For(Descriptor image) => Write(
        image with { ArtifactType = null }, _annotations.Where(entry => entry.Key is RefName or ContainerdName));

    private static bool IsImage(string mediaType) => MediaTypes.IsIndex(mediaType) || MediaTypes.IsManifest(mediaType);

    private ImageName? NameIn(string annotation) =>
        ImageName.TryParse(_annotations.GetValueOrDefault(annotation), out var name) && name.TagOrDefault is not null
            ? name.WithoutDigest()
            : null;

    // InvalidOperationException: a string with an unpaired surrogate.
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

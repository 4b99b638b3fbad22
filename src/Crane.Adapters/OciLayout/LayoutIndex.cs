using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text;
using Crane.Names;
using Crane.Oci;

namespace Crane.Adapters.OciLayout;

/// <summary>
/// What <c>index.json</c> of a layout says: the entries, in order, and whatever else others have written there, which is
/// kept text for text.
/// </summary>
internal sealed class LayoutIndex
{
    private const string List = "manifests";

    private readonly JsonElement _root;
    private readonly bool _isIndented;

    private LayoutIndex(JsonElement root, bool isIndented, IReadOnlyList<LayoutEntry> entries) =>
        (_root, _isIndented, Entries) = (root, isIndented, entries);

    /// <summary>An index without images.</summary>
    public static LayoutIndex Empty { get; } = Parse(Encoding.UTF8.GetBytes(
        $$"""{"schemaVersion":2,"mediaType":"{{MediaTypes.OciIndex}}","{{List}}":[]}"""));

    /// <summary>The entries, in order.</summary>
    public IReadOnlyList<LayoutEntry> Entries { get; }

    /// <summary>Reads an index.</summary>
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

        // Programs written in Go make null of an empty list.
        var entries = root.TryGetProperty(List, out var list) && list.ValueKind != JsonValueKind.Null ? list : default;
        if (entries.ValueKind is not (JsonValueKind.Array or JsonValueKind.Undefined))
            throw new FormatException($"its '{List}' is not a list");
        return new LayoutIndex(
            root, text.Span.Contains((byte)'\n'),
            entries.ValueKind == JsonValueKind.Array ? [.. entries.EnumerateArray().Select(LayoutEntry.Read)] : []);
    }

    /// <summary>The images that entries give that name.</summary>
    /// <param name="name">A name without a digest.</param>
    public IEnumerable<Descriptor> Of(ImageName name) =>
        Entries.Where(entry => entry.Name == name).Select(entry => entry.Image).OfType<Descriptor>();

    /// <summary>The image with that digest, where an entry points at it.</summary>
    public Descriptor? Find(Digest digest) =>
        Entries.FirstOrDefault(entry => entry.Image?.Digest == digest)?.Image;

    /// <summary>
    /// The index in which a name, in every spelling that is there already and in Crane's own, stands for that image and no
    /// other. It is this very index where that is so.
    /// </summary>
    /// <param name="name">A name without a digest.</param>
    /// <param name="image">What it is to stand for.</param>
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

    /// <summary>The index that has an entry for a manifest which is about another one; this very index where it has one.</summary>
    public LayoutIndex WithReferrer(Descriptor manifest) => Find(manifest.Digest) is null
        ? new LayoutIndex(_root, _isIndented, [.. Entries, LayoutEntry.Referrer(manifest)])
        : this;

    /// <summary>The index as it is written.</summary>
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
                writer.WriteRawValue(entry.Text);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }
        return text.ToArray();
    }
}

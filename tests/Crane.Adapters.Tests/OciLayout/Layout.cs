using System.Text.Json;
using Crane.Adapters.OciLayout;
using Crane.Names;

namespace Crane.Adapters.Tests.OciLayout;

/// <summary>A layout folder of a test's own, and what is to be found in it.</summary>
internal sealed class Layout : IAsyncDisposable
{
    private readonly TemporaryFolder _parent = new();
    private readonly List<LayoutStore> _stores = [];

    public string Folder => Path.Combine(_parent.Path, "images");

    public string Index => Path.Combine(Folder, "index.json");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async Task<LayoutStore> OpenAsync(TimeSpan? timeout = null)
    {
        var store = await LayoutStore.OpenAsync(Folder, Cancellation, timeout);
        _stores.Add(store);
        return store;
    }

    /// <summary>Writes the files by which a folder is a layout.</summary>
    public void WriteIndex(string json)
    {
        Write("oci-layout", """{"imageLayoutVersion":"1.0.0"}""");
        Write("index.json", json);
    }

    /// <summary>As <see cref="WriteIndex"/>, with these entries.</summary>
    public void WriteEntries(params string[] entries) =>
        WriteIndex($$"""{"schemaVersion":2,"manifests":[{{string.Join(',', entries)}}]}""");

    public string Write(string name, string content) => _parent.Write(Path.Combine("images", name), content);

    public string BlobPath(Digest digest) => Path.Combine(Folder, "blobs", digest.Algorithm, digest.Hex);

    public string PartialPath(Digest digest) => Path.Combine(Folder, ".crane", "partial", $"{digest.Algorithm}-{digest.Hex}");

    /// <summary>What an earlier process left of a blob.</summary>
    public void WritePartial(Digest digest, ReadOnlySpan<byte> content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PartialPath(digest))!);
        File.WriteAllBytes(PartialPath(digest), content.ToArray());
    }

    /// <summary>The entries of the index as they are.</summary>
    public IReadOnlyList<JsonElement> Entries()
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Index));
        return [.. document.RootElement.Clone().GetProperty("manifests").EnumerateArray()];
    }

    /// <summary>The reference names of the index, in order.</summary>
    public IEnumerable<string?> RefNames() => Entries().Select(entry =>
        entry.TryGetProperty("annotations", out var annotations)
        && annotations.TryGetProperty("org.opencontainers.image.ref.name", out var name) ? name.GetString() : null);

    /// <summary>Every file in the folder, relative to it, in order.</summary>
    public IReadOnlyList<string> Files() =>
        [.. Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Folder, file)).Order(StringComparer.Ordinal)];

    public async ValueTask DisposeAsync()
    {
        foreach (var store in _stores)
            await store.DisposeAsync();
        _parent.Dispose();
    }
}

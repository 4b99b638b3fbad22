using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Crane.Names;
using Crane.Oci;

namespace Crane.Core.Tests.Transfer;

/// <summary>
/// Registries in memory. Real ones are tested elsewhere; here it is what a transfer asks of them that matters, and a test
/// must be able to break them at a certain byte.
/// </summary>
internal sealed class MemoryContent : IContentStore
{
    private readonly ConcurrentDictionary<(string Repository, string Key), Manifest> _manifests = new();
    private readonly ConcurrentDictionary<(string Repository, Digest Digest), byte[]> _blobs = new();

    public string Name => "registries";

    /// <summary>Every call, in order: <c>mount r.co/a 0123…</c>.</summary>
    public ConcurrentQueue<string> Calls { get; } = new();

    /// <summary>Runs in each blob that is written; a test may wait or throw here.</summary>
    public Func<ImageName, Descriptor, Task> OnWrite { get; set; } = (_, _) => Task.CompletedTask;

    /// <summary>Runs before a name is changed; a test may throw here.</summary>
    public Action<ImageName> OnName { get; set; } = _ => { };

    /// <summary>Runs when a blob has been mounted.</summary>
    public Action OnMount { get; set; } = () => { };

    /// <summary>Runs in each question that is asked; a test may wait here.</summary>
    public Func<Task> OnAsk { get; set; } = () => Task.CompletedTask;

    /// <summary>What a source gives for a blob, when it has it: other bytes, or fewer of them.</summary>
    public Func<byte[], long, Stream> OnRead { get; set; } = (bytes, offset) => new MemoryStream(bytes[(int)offset..]);

    /// <summary>Whether it is a folder, whose names share all content, and keep it.</summary>
    public bool IsFolder { get; init; }

    /// <summary>Whether mounts are refused, as some registries do.</summary>
    public bool RefusesMounts { get; init; }

    public IEnumerable<string> CallsOf(string verb) => Calls.Where(call => call.StartsWith(verb + " ", StringComparison.Ordinal));

    /// <summary>Puts an image there, made of layers with the given texts.</summary>
    public Manifest AddImage(string image, params string[] layers) => AddImageFor("linux/amd64", null, image, layers);

    /// <summary>The same for a platform, or about a subject.</summary>
    public Manifest AddImageFor(string platform, Descriptor? subject, string image, params string[] layers)
    {
        var name = ImageName.Parse(image);
        var parts = platform.Split('/');
        var config = AddBlob(name, $$"""{"os":"{{parts[0]}}","architecture":"{{parts[1]}}","layers":{{layers.Length}}}""");
        var manifest = Json(new
        {
            schemaVersion = 2,
            mediaType = MediaTypes.OciManifest,
            config = Written(config, "application/vnd.oci.image.config.v1+json"),
            layers = layers.Select(layer => Written(AddBlob(name, layer), layer.StartsWith("foreign", StringComparison.Ordinal)
                ? "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip"
                : "application/vnd.oci.image.layer.v1.tar")),
            subject = subject is null ? null : Written(subject, subject.MediaType),
        });
        return Add(name, manifest);
    }

    /// <summary>Puts an index of images there that are in the same repository.</summary>
    public Manifest AddIndex(string image, params (Manifest Image, string Platform)[] children)
    {
        var index = Json(new
        {
            schemaVersion = 2,
            mediaType = MediaTypes.OciIndex,
            manifests = children.Select(child => new
            {
                mediaType = child.Image.Descriptor.MediaType,
                digest = child.Image.Descriptor.Digest.ToString(),
                size = child.Image.Descriptor.Size,
                platform = new { os = child.Platform.Split('/')[0], architecture = child.Platform.Split('/')[1] },
            }),
        });
        return Add(ImageName.Parse(image), index);
    }

    /// <summary>Puts an index there that lists blobs themselves, as the cache of a build does.</summary>
    public void AddCache(string image, params string[] blobs) => Add(ImageName.Parse(image), Json(new
    {
        schemaVersion = 2,
        mediaType = MediaTypes.OciIndex,
        manifests = blobs.Select(blob => Written(AddBlob(ImageName.Parse(image), blob), "application/vnd.oci.image.layer.v1.tar")),
    }));

    /// <summary>Puts an index there as it is written.</summary>
    public Manifest AddIndex(string image, string json) => Add(ImageName.Parse(image), Encoding.UTF8.GetBytes(json));

    public Digest? TagDigest(string image)
    {
        var name = ImageName.Parse(image);
        return _manifests.GetValueOrDefault((Repository(name), name.TagOrDefault!))?.Descriptor.Digest;
    }

    /// <summary>Whether everything is there that the tag needs.</summary>
    public bool IsComplete(string image)
    {
        var name = ImageName.Parse(image);
        return _manifests.TryGetValue((Repository(name), name.TagOrDefault!), out var root) && IsComplete(name, root);
    }

    public Task<Descriptor?> ResolveAsync(ImageName image, CancellationToken cancellation)
    {
        Note("resolve", image, image.TagOrDefault ?? image.Digest!);
        return Task.FromResult(Find(image)?.Descriptor);
    }

    public Task<Descriptor?> CurrentAsync(ImageName image, CancellationToken cancellation)
    {
        Note("current", image, image.TagOrDefault ?? image.Digest!);
        return Task.FromResult(Find(image)?.Descriptor);
    }

    public Task<IReadOnlyList<Descriptor>> LastNamedAsync(
        ImageName name, IReadOnlySet<ImageName> retagged, CancellationToken cancellation)
    {
        var kept = _manifests.Where(entry => !entry.Key.Key.Contains(':') && !retagged.Contains(NameOf(entry.Key)))
            .Select(entry => entry.Value.Descriptor.Digest).ToHashSet();
        return Task.FromResult<IReadOnlyList<Descriptor>>(
            IsFolder && _manifests.TryGetValue((Repository(name), name.TagOrDefault!), out var last) && !kept.Contains(last.Descriptor.Digest)
                ? [last.Descriptor] : []);
    }

    public Task<Manifest?> FindManifestAsync(ImageName image, CancellationToken cancellation)
    {
        Note("find", image, image.TagOrDefault ?? image.Digest!);
        return Task.FromResult(Find(image));
    }

    public Task<Manifest> ReadManifestAsync(ImageName repository, Descriptor manifest, CancellationToken cancellation)
    {
        Note("read", repository, manifest.ShortId);
        return Task.FromResult(Find(repository.WithoutTag().WithoutDigest().WithDigest(manifest.Digest))!);
    }

    public Task<Stream> OpenBlobAsync(ImageName repository, Descriptor blob, long offset, CancellationToken cancellation)
    {
        Note("open", repository, $"{blob.ShortId} {offset}");
        var bytes = IsFolder ? _blobs.First(entry => entry.Key.Digest == blob.Digest).Value : _blobs[(Repository(repository), blob.Digest)];
        return Task.FromResult(OnRead(bytes, offset));
    }

    public Task<IReadOnlyList<Descriptor>> ReferrersAsync(ImageName repository, Digest subject, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<Descriptor>>(_manifests
            .Where(entry => entry.Key.Repository == Repository(repository) && entry.Value.Subject?.Digest == subject)
            .Select(entry => entry.Value.Descriptor).Distinct().ToList());

    public Task<bool> HasManifestAsync(ImageName repository, Descriptor manifest, CancellationToken cancellation)
    {
        Note("has", repository, manifest.ShortId);
        return Task.FromResult(_manifests.ContainsKey((Repository(repository), manifest.Digest.ToString())));
    }

    public async Task<bool> HasBlobAsync(ImageName repository, Descriptor blob, CancellationToken cancellation)
    {
        Note("has", repository, blob.ShortId);
        await OnAsk();
        return _blobs.ContainsKey((Repository(repository), blob.Digest));
    }

    public Task<BlobMount> MountBlobAsync(ImageName repository, Descriptor blob, ImageName from, CancellationToken cancellation)
    {
        if (RefusesMounts || !_blobs.TryGetValue((Repository(from), blob.Digest), out var there))
            return Task.FromResult(new BlobMount(null));
        Note("mount", repository, blob.ShortId);
        _blobs[(Repository(repository), blob.Digest)] = there;
        OnMount();
        return Task.FromResult(new BlobMount(BlobWriteResult.Mounted));
    }

    public async Task<BlobWriteResult> WriteBlobAsync(ImageName repository, BlobWrite write, CancellationToken cancellation)
    {
        Note("write", repository, write.Blob.ShortId);
        await OnWrite(repository, write.Blob);
        using var bytes = new MemoryStream();
        await using (var stream = await write.OpenAsync(0, cancellation))
            await stream.CopyToAsync(bytes, cancellation);
        _blobs[(Repository(repository), write.Blob.Digest)] = bytes.ToArray();
        return BlobWriteResult.Written;
    }

    public Task WriteManifestAsync(ImageName repository, Manifest manifest, CancellationToken cancellation)
    {
        Note("put", repository, manifest.Descriptor.ShortId);
        Add(repository, manifest, null);
        return Task.CompletedTask;
    }

    public Task WriteTagAsync(ImageName image, Manifest manifest, CancellationToken cancellation)
    {
        Note("tag", image, image.TagOrDefault!);
        Add(image, manifest, image.TagOrDefault);
        return Task.CompletedTask;
    }

    public Task SetNamesAsync(IReadOnlyList<(ImageName Name, Digest? Digest)> names, CancellationToken cancellation)
    {
        foreach (var (name, digest) in names)
        {
            OnName(name);
            Note("name", name, $"{name.TagOrDefault} {digest?.Hex[..12] ?? "nothing"}");
            var key = (Repository(name), name.TagOrDefault!);
            if (digest is null)
                _manifests.TryRemove(key, out _);
            else
                _manifests[key] = Find(name.WithoutTag().WithDigest(digest))!;
        }

        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static ImageName NameOf((string Repository, string Key) entry) => ImageName.Parse($"{entry.Repository}:{entry.Key}");

    private static string Repository(ImageName image) => $"{image.Registry}/{image.Repository}";

    // A folder finds content by its digest under any name.
    private Manifest? Find(ImageName image) => image.Digest is { } digest && IsFolder
        ? _manifests.FirstOrDefault(entry => entry.Key.Key == digest).Value
        : _manifests.GetValueOrDefault((Repository(image), image.Digest ?? image.TagOrDefault!));

    private static byte[] Json(object value) => JsonSerializer.SerializeToUtf8Bytes(value, JsonSerializerOptions.Web);

    private static object Written(Descriptor content, string mediaType) =>
        new { mediaType, digest = content.Digest.ToString(), size = content.Size };

    private Descriptor AddBlob(ImageName repository, string content)
    {
        var bytes = Encoding.UTF8.GetBytes(content);
        var digest = Digest.OfSha256(bytes);
        _blobs[(Repository(repository), digest)] = bytes;
        return new Descriptor("", digest, bytes.Length);
    }

    private Manifest Add(ImageName image, byte[] bytes)
    {
        var manifest = Manifest.Read(bytes, null, null, image);
        Add(image, manifest, image.TagOrDefault);
        return manifest;
    }

    private void Add(ImageName image, Manifest manifest, string? tag)
    {
        // As the specification allows registries to: a manifest comes after what it needs.
        Assert.True(IsComplete(image, manifest), $"{image} was written before what it needs.");
        _manifests[(Repository(image), manifest.Descriptor.Digest.ToString())] = manifest;
        if (tag is not null)
            _manifests[(Repository(image), tag)] = manifest;
    }

    private bool IsComplete(ImageName image, Manifest manifest) =>
        manifest.Blobs.All(blob => _blobs.ContainsKey((Repository(image), blob.Digest)))
        && manifest.Manifests.All(child => _manifests.ContainsKey((Repository(image), child.Digest.ToString()))
            || _blobs.ContainsKey((Repository(image), child.Digest)));

    private void Note(string verb, ImageName image, string what) => Calls.Enqueue($"{verb} {Repository(image)} {what}");
}

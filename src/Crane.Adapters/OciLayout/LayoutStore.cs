using System.Runtime.CompilerServices;
using Crane.Names;
using Crane.Oci;

namespace Crane.Adapters.OciLayout;

/// <summary>
/// An image layout folder as a store, after the OCI image layout specification 1.0: names in <c>index.json</c>, content under
/// its digest. Several processes may use it at the same time.
/// </summary>
/// <remarks>Content without a name is never removed: its owner is unknown, and others may be about to use it.</remarks>
internal sealed class LayoutStore : IContentStore, IContentTarget, ITagReader
{
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromMinutes(1);

    private readonly LayoutFolder _folder;
    private readonly LayoutIndexFile _index;
    private readonly BlobFolder _blobs;
    private readonly BlobWriter _writer;

    private LayoutStore(LayoutFolder folder, TimeSpan timeout)
    {
        _folder = folder;
        _index = new LayoutIndexFile(folder, timeout);
        _blobs = new BlobFolder(folder);
        _writer = new BlobWriter(folder, _blobs, timeout);
    }

    public string Name => _folder.Name;

    // All images in the folder share its blobs.
    public string LocationOf(ImageName image) => Name;

    /// <summary>Opens a folder. A missing or empty one has no images, and becomes a layout with the first write.</summary>
    /// <param name="folder">The folder's full path.</param>
    /// <param name="cancellation">Cancels it.</param>
    /// <param name="timeout">How long to wait for a process that holds a lock and shows no sign of life.</param>
    /// <exception cref="CraneException">
    /// EngineUnreachable where the folder is not a layout, or an unusable one; InvalidValue for a relative path.
    /// </exception>
    public static async Task<LayoutStore> OpenAsync(string folder, CancellationToken cancellation, TimeSpan? timeout = null)
    {
        if (!Path.IsPathFullyQualified(folder))
            throw LayoutErrors.NotAFullPath(folder);
        var root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        var store = new LayoutStore(new LayoutFolder(root), timeout ?? DefaultTimeout);
        _ = await store._index.ReadAsync(cancellation);
        return store;
    }

    /// <inheritdoc/>
    /// <exception cref="CraneException">Also PullFailed, where several images have the name.</exception>
    public async Task<Descriptor?> ResolveAsync(ImageName image, CancellationToken cancellation) =>
        await FindAsync(image, cancellation) switch
        {
            [] => null,
            [var only] => only,
            var several => throw LayoutErrors.Ambiguous(image, _folder, several),
        };

    /// <inheritdoc/>
    /// <remarks>
    /// For a writer, an image exists if it is complete, and its name if it refers to that image only: writing ensures both.
    /// </remarks>
    public async Task<Descriptor?> CurrentAsync(ImageName image, CancellationToken cancellation) =>
        await FindAsync(image, cancellation) is [var only] && await HasManifestAsync(image, only, cancellation) ? only : null;

    /// <inheritdoc/>
    /// <remarks>Any other entry keeps an image, with a name or without. An incomplete image is no loss.</remarks>
    public async Task<IReadOnlyList<Descriptor>> LastNamedAsync(
        ImageName name, IReadOnlySet<ImageName> given, CancellationToken cancellation)
    {
        var index = await _index.ReadAsync(cancellation);
        var kept = index.Entries.Where(entry => entry.Name is not { } other || !given.Contains(other))
            .Select(entry => entry.Image?.Digest).OfType<Digest>().ToHashSet();
        var last = new List<Descriptor>();
        foreach (var image in index.Of(name).DistinctBy(image => image.Digest).Where(image => !kept.Contains(image.Digest)))
            if (await HasManifestAsync(name, image, cancellation))
                last.Add(image);
        return last;
    }

    public async Task<Manifest> ReadManifestAsync(ImageName repository, Descriptor manifest, CancellationToken cancellation) =>
        await _blobs.FindManifestAsync(repository, manifest.Digest, manifest.MediaType, cancellation)
        ?? throw LayoutErrors.NoSuchContent(repository, manifest.Digest, _folder);

    public async IAsyncEnumerable<string> TagsAsync(ImageName repository, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var index = await _index.ReadAsync(cancellation);
        var names = index.Entries.Where(entry => entry.Image is not null).Select(entry => entry.Name).OfType<ImageName>()
            .Where(name => name.Registry == repository.Registry && name.Repository == repository.Repository).ToList();
        if (names.Count == 0)
            throw LayoutErrors.NoRepository(repository, _folder);
        foreach (var tag in names.Select(name => name.TagOrDefault!).Distinct().Order(StringComparer.Ordinal))
            yield return tag;
    }

    public Task<Stream> OpenBlobAsync(ImageName repository, Descriptor blob, long offset, CancellationToken cancellation) =>
        Task.Run(() => _blobs.Open(repository, blob, offset), cancellation);

    public async Task<IReadOnlyList<Descriptor>> ReferrersAsync(ImageName repository, Digest subject, CancellationToken cancellation)
    {
        var referrers = new List<Descriptor>();
        var index = await _index.ReadAsync(cancellation);
        foreach (var entry in index.Entries.Select(entry => entry.Image).OfType<Descriptor>().DistinctBy(image => image.Digest))
            if (await _blobs.FindManifestAsync(repository, entry.Digest, entry.MediaType, cancellation) is { } manifest
                && manifest.Subject?.Digest == subject)
                referrers.Add(manifest.Descriptor);
        return referrers;
    }

    /// <inheritdoc/>
    /// <remarks>Only the lengths of blobs are checked; manifests are read.</remarks>
    public Task<bool> HasManifestAsync(ImageName repository, Descriptor manifest, CancellationToken cancellation) =>
        IsCompleteAsync(repository, manifest, [], cancellation);

    public Task<bool> HasBlobAsync(ImageName repository, Descriptor blob, CancellationToken cancellation) =>
        Task.FromResult(_blobs.Has(blob));

    public async Task<BlobWriteResult> WriteBlobAsync(ImageName repository, BlobWrite write, CancellationToken cancellation)
    {
        await _index.PrepareAsync(cancellation);
        return await _writer.WriteAsync(repository, write, cancellation);
    }

    /// <inheritdoc/>
    /// <remarks>A manifest with a subject gets an entry without a name, so that other programs find it.</remarks>
    public async Task WriteManifestAsync(ImageName repository, Manifest manifest, CancellationToken cancellation)
    {
        await WriteContentAsync(repository, manifest, cancellation);
        if (manifest.Subject is not null)
            await _index.UpdateAsync(index => index.WithReferrer(manifest.Descriptor), cancellation);
    }

    /// <inheritdoc/>
    /// <exception cref="CraneException">Also DigestWithoutTag, for an image without a tag.</exception>
    public async Task WriteTagAsync(ImageName image, Manifest manifest, CancellationToken cancellation)
    {
        if (image.TagOrDefault is null)
            throw LayoutErrors.NoName(image, _folder);
        await WriteContentAsync(image, manifest, cancellation);
        await _index.UpdateAsync(index => index.WithName(image.WithoutDigest(), manifest.Descriptor), cancellation);
    }

    public async Task SetNamesAsync(IReadOnlyList<(ImageName Name, Digest? Digest)> names, CancellationToken cancellation)
    {
        var images = new List<(ImageName Name, Descriptor? Image)>(names.Count);
        foreach (var (name, digest) in names)
            images.Add((name.WithoutDigest(), digest is null ? null : await ResolveAsync(name.WithDigest(digest), cancellation)
                ?? throw LayoutErrors.NoSuchContent(name, digest, _folder)));
        await _index.UpdateAsync(
            index => images.Aggregate(index, (changed, named) =>
                named.Image is null ? changed.WithoutName(named.Name) : changed.WithName(named.Name, named.Image)),
            cancellation);
    }

    public ValueTask DisposeAsync()
    {
        _index.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>The distinct images of that name.</summary>
    private async Task<IReadOnlyList<Descriptor>> FindAsync(ImageName image, CancellationToken cancellation)
    {
        var index = await _index.ReadAsync(cancellation);
        if (image.ContentDigest is not { } digest)
            return [.. index.Of(image).DistinctBy(found => found.Digest)];
        var byDigest = index.Find(digest) ?? (await _blobs.FindManifestAsync(image, digest, null, cancellation))?.Descriptor;
        return byDigest is null ? [] : [byDigest];
    }

    /// <param name="complete">What was found complete before: indexes in indexes can list the same image any number of times.</param>
    private async Task<bool> IsCompleteAsync(
        ImageName repository, Descriptor content, HashSet<Digest> complete, CancellationToken cancellation)
    {
        if (complete.Contains(content.Digest))
            return true;
        if (MediaTypes.IsBlob(content.MediaType))
            return _blobs.Has(content);
        if (await _blobs.FindIntactAsync(repository, content, cancellation) is not { } found || !found.Blobs.All(_blobs.Has))
            return false;
        foreach (var child in found.Manifests)
            if (!await IsCompleteAsync(repository, child, complete, cancellation))
                return false;
        complete.Add(content.Digest);
        return true;
    }

    private async Task WriteContentAsync(ImageName image, Manifest manifest, CancellationToken cancellation)
    {
        await _index.PrepareAsync(cancellation);
        if (await _blobs.FindIntactAsync(image, manifest.Descriptor, cancellation) is not null)
            return;
        _blobs.Remove(manifest.Descriptor);
        var bytes = manifest.Bytes;
        await _writer.WriteAsync(image, new BlobWrite(manifest.Descriptor, (offset, _) => Task.FromResult<Stream>(
            new MemoryStream(bytes[(int)offset..].ToArray(), writable: false))), cancellation);
    }
}

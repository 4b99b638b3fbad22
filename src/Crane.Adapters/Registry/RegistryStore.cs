using System.Collections.Concurrent;
using Crane.Adapters.Registry.Http;
using Crane.Moving.Run;
using Crane.Names;
using Crane.Oci;

namespace Crane.Adapters.Registry;

/// <summary>All registries as one store of images, after the OCI Distribution Specification 1.1.</summary>
internal sealed class RegistryStore(IRegistryHttp http, IRetryPolicy retry) : IContentStore, ITagReader
{
    private readonly ReferrersTag _referrersTag = new();

    // Manifests that were written without a tag, or that lose one: a registry may remove them before they get one.
    private readonly ConcurrentDictionary<string, Manifest> _untagged = new(StringComparer.Ordinal);
    private bool _isPastMirrors;

    public string Name => "registries";

    public Task<Descriptor?> ResolveAsync(ImageName image, CancellationToken cancellation) =>
        new ManifestClient(Source(image)).ResolveAsync(cancellation);

    public Task<string?> WhyAbsentAsync(ImageName image, CancellationToken cancellation) =>
        new ManifestClient(Source(image)).WhyAbsentAsync(cancellation);

    public Task<Descriptor?> CurrentAsync(ImageName image, CancellationToken cancellation) =>
        new ManifestClient(Target(image)).ResolveAsync(cancellation);

    public Task<Manifest> ReadManifestAsync(ImageName repository, Descriptor manifest, CancellationToken cancellation) =>
        new ManifestClient(Source(repository)).ReadAsync(manifest, cancellation);

    public Task<Manifest?> FindManifestAsync(ImageName image, CancellationToken cancellation) =>
        new ManifestClient(Source(image)).FindAsync(cancellation);

    public Task<Stream> OpenBlobAsync(ImageName repository, Descriptor blob, long offset, CancellationToken cancellation) =>
        new BlobReader(Source(repository)).OpenAsync(blob, offset, cancellation);

    public IContentSource WithoutMirrors(ImageName repository) =>
        !_isPastMirrors && http.HasMirrors(repository.Registry) ? new RegistryStore(http, retry) { _isPastMirrors = true } : this;

    public Task<IReadOnlyList<Descriptor>> ReferrersAsync(ImageName repository, Digest subject, CancellationToken cancellation) =>
        ReferrerList.ReadAsync(Source(repository), subject, cancellation);

    public Task<bool> HasManifestAsync(ImageName repository, Descriptor manifest, CancellationToken cancellation) =>
        new ManifestClient(Target(repository)).HasAsync(manifest.Digest, cancellation);

    public Task<bool> HasBlobAsync(ImageName repository, Descriptor blob, CancellationToken cancellation) =>
        new BlobReader(Target(repository)).HasAsync(blob, cancellation);

    public Task<BlobMount> MountBlobAsync(ImageName repository, Descriptor blob, ImageName from, CancellationToken cancellation) =>
        BlobUpload.MountAsync(Target(repository), blob, from, cancellation);

    public async Task<BlobWriteResult> WriteBlobAsync(ImageName repository, BlobWrite write, CancellationToken cancellation)
    {
        await using var upload = new BlobUpload(Target(repository), write);
        return await upload.RunAsync(cancellation);
    }

    public Task WriteManifestAsync(ImageName repository, Manifest manifest, CancellationToken cancellation)
    {
        _untagged[Key(repository, manifest.Descriptor.Digest)] = manifest;
        return WriteAsync(repository, manifest.Descriptor.Digest.ToString(), manifest, cancellation);
    }

    public Task WriteTagAsync(ImageName image, Manifest manifest, CancellationToken cancellation) =>
        WriteAsync(image, image.TagOrDefault ?? manifest.Descriptor.Digest.ToString(), manifest, cancellation);

    public async Task SetNamesAsync(IReadOnlyList<(ImageName Name, Digest? Digest)> names, CancellationToken cancellation)
    {
        foreach (var (name, digest) in names)
        {
            // It can be put back, even if the registry removes a manifest with its last tag.
            if (await new ManifestClient(Target(name)).FindAsync(cancellation) is { } before)
                _untagged[Key(name, before.Descriptor.Digest)] = before;
            if (digest is null)
                await new ManifestClient(Target(name)).DeleteTagAsync(cancellation);
            else
                await WriteTagAsync(name, await FindManifestAsync(name, digest, cancellation), cancellation);
        }
    }

    public IAsyncEnumerable<string> TagsAsync(ImageName repository, CancellationToken cancellation) =>
        TagList.ReadAsync(Source(repository), cancellation);

    public ValueTask DisposeAsync() => http.DisposeAsync();

    private static string Key(ImageName name, Digest digest) => $"{name.RepositoryKey}@{digest}";

    private async Task<Manifest> FindManifestAsync(ImageName name, Digest digest, CancellationToken cancellation) =>
        _untagged.TryGetValue(Key(name, digest), out var known)
            ? known
            : await new ManifestClient(Target(name)).ReadAsync(new Descriptor("", digest, 0), cancellation);

    private async Task WriteAsync(ImageName image, string reference, Manifest manifest, CancellationToken cancellation)
    {
        var target = Target(image);
        var isNoted = await new ManifestClient(target).WriteAsync(reference, manifest, cancellation);
        if (manifest.Subject is not null && !isNoted)
            await _referrersTag.AddAsync(target, manifest, cancellation);
    }

    private Repository Source(ImageName image) => new(http, retry, image, IsTarget: false) { MayUseMirror = !_isPastMirrors };

    private Repository Target(ImageName image) => new(http, retry, image, IsTarget: true);
}

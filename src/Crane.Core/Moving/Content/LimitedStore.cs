using System.Collections.Concurrent;
using Crane.Names;
using Crane.Oci;

namespace Crane.Moving.Content;

/// <summary>
/// Limits the requests to a store per location, since an index of many images takes a hundred at once. Reading and writing blobs takes
/// long, and has limits of its own.
/// </summary>
internal sealed class LimitedStore(IContentStore store, LocationLimits limits) : IContentStore
{
    public string Name => store.Name;

    public string LocationOf(ImageName image) => store.LocationOf(image);

    // Only blobs are read without mirrors, and these are not limited here.
    public IContentSource WithoutMirrors(ImageName repository) =>
        store.WithoutMirrors(repository) is var origin && ReferenceEquals(origin, store) ? this : origin;

    public Task<Descriptor?> ResolveAsync(ImageName image, CancellationToken cancellation) =>
        AskAsync(image, () => store.ResolveAsync(image, cancellation), cancellation);

    public Task<string?> WhyAbsentAsync(ImageName image, CancellationToken cancellation) =>
        AskAsync(image, () => store.WhyAbsentAsync(image, cancellation), cancellation);

    public Task<Descriptor?> CurrentAsync(ImageName image, CancellationToken cancellation) =>
        AskAsync(image, () => store.CurrentAsync(image, cancellation), cancellation);

    public Task<Manifest> ReadManifestAsync(ImageName repository, Descriptor manifest, CancellationToken cancellation) =>
        AskAsync(repository, () => store.ReadManifestAsync(repository, manifest, cancellation), cancellation);

    public Task<Manifest?> FindManifestAsync(ImageName image, CancellationToken cancellation) =>
        AskAsync(image, () => store.FindManifestAsync(image, cancellation), cancellation);

    public Task<Stream> OpenBlobAsync(ImageName repository, Descriptor blob, long offset, CancellationToken cancellation) =>
        store.OpenBlobAsync(repository, blob, offset, cancellation);

    public Task<IReadOnlyList<Descriptor>> ReferrersAsync(ImageName repository, Digest subject, CancellationToken cancellation) =>
        AskAsync(repository, () => store.ReferrersAsync(repository, subject, cancellation), cancellation);

    public Task<bool> HasManifestAsync(ImageName repository, Descriptor manifest, CancellationToken cancellation) =>
        AskAsync(repository, () => store.HasManifestAsync(repository, manifest, cancellation), cancellation);

    public Task<bool> HasBlobAsync(ImageName repository, Descriptor blob, CancellationToken cancellation) =>
        AskAsync(repository, () => store.HasBlobAsync(repository, blob, cancellation), cancellation);

    public Task<BlobMount> MountBlobAsync(ImageName repository, Descriptor blob, ImageName from, CancellationToken cancellation) =>
        AskAsync(repository, () => store.MountBlobAsync(repository, blob, from, cancellation), cancellation);

    public Task<BlobWriteResult> WriteBlobAsync(ImageName repository, BlobWrite write, CancellationToken cancellation) =>
        store.WriteBlobAsync(repository, write, cancellation);

    public Task WriteManifestAsync(ImageName repository, Manifest manifest, CancellationToken cancellation) =>
        TellAsync(repository, () => store.WriteManifestAsync(repository, manifest, cancellation), cancellation);

    public Task WriteTagAsync(ImageName image, Manifest manifest, CancellationToken cancellation) =>
        TellAsync(image, () => store.WriteTagAsync(image, manifest, cancellation), cancellation);

    public Task SetNamesAsync(IReadOnlyList<(ImageName Name, Digest? Digest)> names, CancellationToken cancellation) =>
        store.SetNamesAsync(names, cancellation);

    public ValueTask DisposeAsync() => store.DisposeAsync();

    private Task<T> AskAsync<T>(ImageName image, Func<Task<T>> ask, CancellationToken cancellation) =>
        limits.RunAsync(store.LocationOf(image), ask, cancellation);

    private Task<bool> TellAsync(ImageName image, Func<Task> tell, CancellationToken cancellation) => AskAsync(
        image,
        async () =>
        {
            await tell();
            return true;
        },
        cancellation);
}

/// <summary>Limits how much is done in one location at the same time.</summary>
internal sealed class LocationLimits(int perLocation)
{
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _limits = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Runs work in one location, as soon as its limit allows.</summary>
    public Task<T> RunAsync<T>(string location, Func<Task<T>> work, CancellationToken cancellation) =>
        RunAsync(location, location, work, cancellation);

    /// <summary>Runs work between two locations, as soon as both limits allow.</summary>
    public async Task<T> RunAsync<T>(string from, string to, Func<Task<T>> work, CancellationToken cancellation)
    {
        // Always in the same order, to avoid deadlocks.
        var locations = string.Compare(from, to, StringComparison.OrdinalIgnoreCase) switch
        {
            0 => new[] { from },
            < 0 => [from, to],
            _ => [to, from],
        };
        var entered = new Stack<SemaphoreSlim>();
        try
        {
            foreach (var location in locations)
            {
                var limit = _limits.GetOrAdd(location, _ => new SemaphoreSlim(perLocation));
                await limit.WaitAsync(cancellation);
                entered.Push(limit);
            }

            return await work();
        }
        finally
        {
            while (entered.TryPop(out var limit))
                limit.Release();
        }
    }
}

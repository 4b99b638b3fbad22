using Crane.Names;
using Crane.Oci;

namespace Crane.Moving.Content;

/// <summary>
/// A store of which no more is asked at the same time than each place of it bears: an index of many images is a hundred
/// questions at once. Blobs are none: they have a limit of their own, and may take long.
/// </summary>
internal sealed class LimitedStore(IContentStore store, HostLimits limits) : IContentStore
{
    public string Name => store.Name;

    public string PlaceOf(ImageName image) => store.PlaceOf(image);

    // Only blobs are read past mirrors, and those are not limited here.
    public IContentSource WithoutMirrors(ImageName repository) =>
        store.WithoutMirrors(repository) is var itself && ReferenceEquals(itself, store) ? this : itself;

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

    public ValueTask DisposeAsync() => store.DisposeAsync();

    private Task<T> AskAsync<T>(ImageName image, Func<Task<T>> ask, CancellationToken cancellation) =>
        limits.RunAsync(store.PlaceOf(image), ask, cancellation);

    private Task<bool> TellAsync(ImageName image, Func<Task> tell, CancellationToken cancellation) => AskAsync(
        image,
        async () =>
        {
            await tell();
            return true;
        },
        cancellation);
}

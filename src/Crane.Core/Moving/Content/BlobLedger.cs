using System.Collections.Concurrent;
using Crane.Names;
using Crane.Oci;

namespace Crane.Moving.Content;

/// <summary>
/// Records where the blobs of a job are. The first image that needs a blob in a location moves it there; the others wait, and mount it from
/// the first one's repository, so that its bytes are moved once.
/// </summary>
internal sealed class BlobLedger
{
    // By location and digest.
    private readonly ConcurrentDictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    /// <summary>Ensures that a repository has a blob. The function gets a repository in the same location that has it, or null.</summary>
    public async Task<BlobWriteResult> EnsureAsync(
        string from, string location, ImageName repository, Digest digest, Func<ImageName?, Task<BlobWriteResult>> ensureAsync,
        CancellationToken cancellation)
    {
        var entry = _entries.GetOrAdd($"{location} {digest}", _ => new Entry());
        await entry.First.WaitAsync(cancellation);
        try
        {
            if (entry.Damage.TryGetValue(from, out var damage))
                throw damage;
            if (entry.Holder is null)
            {
                var result = await ensureAsync(null);
                entry.Holder = repository;
                entry.Repositories[repository.Repository] = true;
                return result;
            }
        }
        catch (CraneException error) when (error.Id == CraneErrorId.DigestMismatch)
        {
            // Reading it again for each image would only fail again.
            entry.Damage[from] = error;
            throw;
        }
        finally
        {
            entry.First.Release();
        }

        if (entry.Repositories.ContainsKey(repository.Repository))
            return BlobWriteResult.Existed;
        var taken = await ensureAsync(entry.Holder);
        entry.Repositories[repository.Repository] = true;
        return taken;
    }

    /// <summary>Forgets what a repository has, so that its blobs are looked for again.</summary>
    public void Forget(ImageName repository)
    {
        foreach (var entry in _entries.Values)
        {
            entry.Repositories.TryRemove(repository.Repository, out _);
            if (entry.Holder?.Repository == repository.Repository)
                entry.Holder = null;
        }
    }

    private sealed class Entry
    {
        public SemaphoreSlim First { get; } = new(1);

        public ImageName? Holder { get; set; }

        /// <summary>Errors by the location where the blob is damaged.</summary>
        public ConcurrentDictionary<string, CraneException> Damage { get; } = new(StringComparer.OrdinalIgnoreCase);

        public ConcurrentDictionary<string, bool> Repositories { get; } = new(StringComparer.Ordinal);
    }
}

using System.Collections.Concurrent;
using Crane.Names;
using Crane.Oci;

namespace Crane.Moving.Content;

/// <summary>
/// Where each blob of a job is. The first image that needs a blob at a place brings it there; the others wait for that, and
/// have their repository take it from the first one's, so that its bytes cross once.
/// </summary>
internal sealed class BlobLedger
{
    private readonly ConcurrentDictionary<(string Place, Digest Digest), Entry> _entries = new();

    /// <summary>Has a blob be in a repository, by what is given one of the same place that has it, null where none is known yet.</summary>
    public async Task<BlobWriteResult> EnsureAsync(
        string from, string place, ImageName repository, Digest digest, Func<ImageName?, Task<BlobWriteResult>> ensureAsync,
        CancellationToken cancellation)
    {
        var entry = _entries.GetOrAdd((place, digest), _ => new Entry());
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
            // To move it again from there for each image would only show the same.
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

    private sealed class Entry
    {
        public SemaphoreSlim First { get; } = new(1);

        public ImageName? Holder { get; set; }

        /// <summary>What came of moving it, by the place that it was damaged at.</summary>
        public ConcurrentDictionary<string, CraneException> Damage { get; } = new(StringComparer.OrdinalIgnoreCase);

        public ConcurrentDictionary<string, bool> Repositories { get; } = new(StringComparer.Ordinal);
    }
}

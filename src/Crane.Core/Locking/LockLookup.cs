using Crane.Names;
using Crane.Oci;

namespace Crane.Locking;

/// <summary>Looks up in registries what a lock needs: one HEAD for each name.</summary>
internal sealed class LockLookup(IContentStore registries, int throttleLimit)
{
    /// <summary>Looks up all subjects. A failure concerns only the subjects with that name.</summary>
    public async Task<IReadOnlyList<LockFinding>> FindAsync(IReadOnlyList<LockSubject> subjects, CancellationToken cancellation)
    {
        var names = subjects.Select(Name).Distinct().ToList();
        var found = new Found[names.Count];
        await Parallel.ForAsync(
            0, names.Count, new ParallelOptions { MaxDegreeOfParallelism = throttleLimit, CancellationToken = cancellation },
            async (index, token) => found[index] = await FindAsync(names[index], token));
        return subjects.Select(subject => new LockFinding(subject, found[names.IndexOf(Name(subject))])).ToList();
    }

    // What a push would replace is not looked up in a mirror.
    private static (ImageName Reference, bool IsTarget) Name(LockSubject subject) => (subject.Reference, subject.Entry == LockEntry.Push);

    private async Task<Found> FindAsync((ImageName Reference, bool IsTarget) name, CancellationToken cancellation)
    {
        try
        {
            var descriptor = name.IsTarget
                ? await registries.CurrentAsync(name.Reference, cancellation)
                : await registries.ResolveAsync(name.Reference, cancellation);
            return descriptor is not null || name.IsTarget ? new Found(descriptor?.Digest, null) : throw NoSuchImage.InRegistry(
                name.Reference, await registries.WhyAbsentAsync(name.Reference, cancellation),
                "Check the name and tag, and that the image was pushed. The lock keeps what it has.");
        }
        catch (Exception failure) when (CraneException.IsFailure(failure, cancellation))
        {
            return new Found(null, CraneException.From(failure));
        }
    }
}

/// <summary>What a registry has for a name.</summary>
/// <param name="Digest">Of the manifest or index; null if there is no such image, or after an error.</param>
internal sealed record Found(Digest? Digest, CraneException? Error);

/// <summary>What was found for an entry of a lock.</summary>
internal sealed record LockFinding(LockSubject Subject, Found Found);

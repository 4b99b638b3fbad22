using Crane.Names;

namespace Crane.Locking;

/// <summary>One lock file of a run that takes its images from it.</summary>
/// <param name="Path">Full path of the file.</param>
internal sealed record LockedRun(CraneLock Lock, string Path)
{
    /// <summary>The plan with the digests in the lock: that of what it pulls, and what the target of a push or copy had.</summary>
    /// <exception cref="CraneException">NotLocked, LockOutdated; the plan is the subject.</exception>
    public RetagPlan Apply(RetagPlan plan)
    {
        if (plan.Status == RetagStatus.Skipped)
            return plan;
        plan = WithTargetDigest(plan);
        var written = plan.Operation switch
        {
            RetagOperation.Pull or RetagOperation.Copy => plan.Source,
            RetagOperation.Build => plan.PullReference,
            _ => null,
        };
        // An invalid name is an error of the plan's check; one with a digest is locked by the crane file.
        if (!ImageName.TryParse(written, out var source) || source.ContentDigest is not null)
            return plan;
        try
        {
            var digest = DigestOf(LockEntry.Image, plan.Container, source, $"'{plan.Container}' ({source})").ToString();
            if (plan.Digest is { } planned && planned != digest)
                throw LockErrors.OtherPlan(Path, plan, digest);
            return plan with { Digest = digest };
        }
        catch (CraneException error)
        {
            throw error.About(plan);
        }
    }

    /// <summary>The digest of an image in a Dockerfile; null for one that needs no entry.</summary>
    /// <param name="declared">Its declaration in the crane file; null for none.</param>
    /// <param name="location">Where the Dockerfile names it.</param>
    /// <exception cref="CraneException">NotLocked, LockOutdated.</exception>
    public LockedBase? BaseOf(ImageName name, DeclaredBase? declared, string location) =>
        LockedName.Of(name, declared) is { } key
            ? new LockedBase(key.Reference, DigestOf(key.Entry, key.Key, key.Reference, $"the base '{name}' ({location})"))
            : null;

    private Digest DigestOf(LockEntry entry, string key, ImageName reference, string what)
    {
        var entries = entry == LockEntry.Image ? Lock.Images : Lock.Bases;
        return entries.GetValueOrDefault(key) is not { } locked ? throw LockErrors.NotLocked(Path, what, key, entry)
            : locked.IsOf(reference) ? locked.Current.Digest
            : throw LockErrors.Outdated(Path, what, locked.Reference, key, entry);
    }

    // A plan that was resolved knows better.
    private RetagPlan WithTargetDigest(RetagPlan plan) =>
        plan is { TargetDigest: null, Operation: RetagOperation.Push or RetagOperation.Copy }
        && ImageName.TryParse(plan.Target, out var target)
            ? plan with { TargetDigest = Lock.PushedTo(plan.Container, target)?.ToString() } : plan;
}

/// <summary>A base by its digest in the lock.</summary>
/// <param name="Reference">Where to pull it from.</param>
internal sealed record LockedBase(ImageName Reference, Digest Digest)
{
    /// <summary>The image by its digest alone.</summary>
    public ImageName Pinned => Reference.WithoutTag().WithDigest(Digest);
}

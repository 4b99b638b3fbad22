using Crane.Comparing;
using Crane.Moving.Run;
using Crane.Names;
using Crane.Oci;
using Crane.Planning;

namespace Crane.Moving.Engine;

/// <summary>Runs pulls: remote name → plain name. The plain name changes last and atomically.</summary>
internal sealed class PullRun(IImageStore store)
{
    // All names that this run gives to other images: the names of one image could otherwise each count on the others.
    private readonly HashSet<ImageName> _renamed = [];

    public async Task<PlanEnd> RunAsync(MoveContext run, CancellationToken cancellation)
    {
        var (source, target) = (run.Move.Source, run.Move.Target);
        var before = await StateAsync(run, cancellation);
        if (before.UpToDate is { } end)
            return end;

        // If both names are the same, the pull itself replaces it.
        if (source == target && run.Move.Digest is null && !run.Force)
            await CheckLastNameAsync(before.Target, before.Target, target, source, cancellation);
        var digest = await PullAsync(run, run.Move.From, cancellation);
        if (source != target || run.Move.Digest is not null)
            await NameAsync(run, before.Target, cancellation);
        var after = await store.FindAsync(target, cancellation);
        var outcome = !run.Force && run.Move.Platform is { } platform && before.Had(after, platform)
            ? new PlanEnd(RetagStatus.UpToDate, digest?.ToString())
            : before.End(RetagStatus.Succeeded, digest);
        return outcome with { ImageSizeBytes = after?.SizeBytes };
    }

    /// <summary>Pulls the image by its digest, so that its remote name, too, stays as it is until both change.</summary>
    public async Task<StagedImage> StageAsync(MoveContext run, CancellationToken cancellation)
    {
        var (source, target) = (run.Move.Source, run.Move.Target);
        var before = await StateAsync(run, cancellation);
        if (before.UpToDate is { } end)
            return new StagedImage(end, []);

        var known = before.Remote ?? await FindRemoteAsync(run.Move.From, cancellation);
        var from = known is null ? run.Move.From : run.Move.From.WithDigest(known);
        var digest = await PullAsync(run, from, cancellation);
        var pulled = await store.FindAsync(from, cancellation) ?? throw NoSuchImage.InStore(from, store.Name, "Pull it again.");
        if (!run.Force)
            await CheckLastNameAsync(before.Target, await store.FindAsync(target, cancellation), target, from, cancellation);
        var names = new List<NameChange> { new(target, before.Target?.Id, pulled.Id) };
        if (from.ContentDigest is not null && source != target && source.ContentDigest is null)
            names.Add(new(source, before.Tracked?.Id, pulled.Id));
        return new StagedImage(before.End(RetagStatus.Succeeded, digest) with { ImageSizeBytes = pulled.SizeBytes }, names)
        {
            Image = digest is null ? null : source.WithoutTag().WithDigest(digest),
            Platforms = pulled.Platforms,
        };
    }

    private async Task<Before> StateAsync(MoveContext run, CancellationToken cancellation)
    {
        var (source, target) = (run.Move.Source, run.Move.Target);
        var local = await store.FindAsync(target, cancellation);
        // The registry is asked only if there is an image to compare with.
        var remote = local is null || run.Force ? null : await FindRemoteAsync(run.Move.From, cancellation);
        if (remote is not null && local!.Digests.Contains(remote) && local.RunsOn(run.Move.Platform))
        {
            run.Step($"{target} is up to date with {source} ({remote})");
            var end = new PlanEnd(RetagStatus.UpToDate, remote.ToString()) { ImageSizeBytes = local.SizeBytes };
            return new Before(local, null) { UpToDate = end };
        }

        if (!run.Force && run.Move.Expected is { } expected && !expected.Is(local?.Id, local?.Digests ?? Enumerable.Empty<Digest>()))
            throw MoveErrors.TargetMoved(target, expected.ToString(), local?.Id, "the plan");
        var tracked = source == target ? local : await store.FindAsync(source, cancellation);
        return new Before(local, tracked) { TrackedDigest = tracked?.DigestIn(source), Remote = remote };
    }

    private async Task<Digest?> PullAsync(MoveContext run, ImageName from, CancellationToken cancellation)
    {
        run.Step($"pull {from}");
        try
        {
            var digest = await store.PullAsync(from, run.Move.Platform, run.Meter, cancellation);
            return from.ContentDigest is { } expected && digest is not null && digest != expected
                ? throw MoveErrors.DigestMismatch(from, digest)
                : digest ?? from.ContentDigest;
        }
        catch (CraneException error) when (error.Id == CraneErrorId.ImageNotFound && run.Move.Digest is { } planned)
        {
            throw MoveErrors.SourceGone(run.Move.Source, run.Move.Source.Registry, planned);
        }
    }

    private async Task NameAsync(MoveContext run, LocalImage? before, CancellationToken cancellation)
    {
        var (source, target, from) = (run.Move.Source, run.Move.Target, run.Move.From);
        // The image may have been built during the pull.
        if (!run.Force)
            await CheckLastNameAsync(before, await store.FindAsync(target, cancellation), target, from, cancellation);
        // A pull by digest gives no name; the remote name shows what was last seen there.
        if (run.Move.Digest is not null && source != target && source.ContentDigest is null)
            await store.TagAsync(from, source, cancellation);
        run.Step($"tag {target}");
        await store.TagAsync(from, target, cancellation);
    }

    /// <exception cref="CraneException">WouldLoseImage if the image has only that name, and is not the pulled one.</exception>
    private async Task CheckLastNameAsync(
        LocalImage? before, LocalImage? now, ImageName name, ImageName source, CancellationToken cancellation)
    {
        HashSet<ImageName> renamed;
        lock (_renamed)
        {
            _renamed.Add(name);
            renamed = [.. _renamed];
        }

        var remote = source.WithoutDigest();
        if (now is null || (remote != name && WasPulled(now, before, remote))
            || !await IsOnlyHereAsync(now, renamed, name, source, cancellation))
        {
            return;
        }

        if (source == name || (await store.FindAsync(source, cancellation))?.ContentHash != now.ContentHash)
            throw MoveErrors.WouldLoseImage(name, store.Name, now.Created, source);
    }

    /// <summary>Whether the image was pulled before: the store had it under its remote name.</summary>
    private static bool WasPulled(LocalImage now, LocalImage? before, ImageName remote) =>
        now.Id == before?.Id && before.Names.Contains(remote);

    private async Task<bool> IsOnlyHereAsync(
        LocalImage image, HashSet<ImageName> renamed, ImageName name, ImageName source, CancellationToken cancellation)
    {
        if (image.Origins.Count > 0 || image.Names.Any(other => !renamed.Contains(other)))
            return false;
        foreach (var digest in image.Digests)
        {
            var there = await store.FindRemoteAsync(source.WithDigest(digest), cancellation);
            // If the store cannot ask, an image with the remote name is assumed to come from there.
            if (there.State == RemoteState.Present || (there.State == RemoteState.Unknown && source == name))
                return false;
        }

        return true;
    }

    private async Task<Digest?> FindRemoteAsync(ImageName source, CancellationToken cancellation) =>
        source.ContentDigest ?? (await store.FindRemoteAsync(source, cancellation)).Digest;

    /// <summary>What the plain and the remote name referred to before the pull.</summary>
    private sealed record Before(LocalImage? Target, LocalImage? Tracked)
    {
        public PlanEnd? UpToDate { get; init; }

        public Digest? TrackedDigest { get; init; }

        /// <summary>What the registry has now; null if it was not asked, or has nothing.</summary>
        public Digest? Remote { get; init; }

        /// <summary>
        /// Whether an image of one platform was here under both names. A store may know the digest of an index by another image of it only,
        /// so that this shows after the pull, which then moved nothing.
        /// </summary>
        public bool Had(LocalImage? image, ImagePlatform platform) =>
            image is not null && Target?.Id == image.Id && Tracked?.Id == image.Id && Target.RunsOn(platform);

        public PlanEnd End(RetagStatus status, Digest? digest) => new(status, digest?.ToString())
        {
            PreviousDigest = KnownImage.Write(TrackedDigest?.ToString()),
            PreviousId = KnownImage.Write(Target?.Id),
        };
    }
}

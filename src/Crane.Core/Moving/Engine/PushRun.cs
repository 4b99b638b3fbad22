using Crane.Comparing;
using Crane.Moving.Run;
using Crane.Names;
using Crane.Oci;
using Crane.Planning;

namespace Crane.Moving.Engine;

/// <summary>Runs pushes: plain name → remote name.</summary>
/// <param name="registries">The registries without the engine; null if nothing is known of them.</param>
internal sealed class PushRun(IImageStore store, IContentSource? registries)
{
    // The engine can push only by tag. Content that is to get its name later is pushed under this one, which stays in the registry; it is
    // the same each time, so that there is never more than one in a repository.
    private const string PendingTag = "crane-pending";

    public async Task<PlanEnd> RunAsync(MoveContext run, CancellationToken cancellation)
    {
        var push = await PrepareAsync(run, cancellation);
        if (push.UpToDate is { } end)
            return end;
        var digest = await TagAndPushAsync(run, push.Target, cancellation);
        Check(run, digest);
        return push.End(digest);
    }

    /// <summary>Pushes the content under another tag.</summary>
    public async Task<StagedImage> StageAsync(MoveContext run, CancellationToken cancellation)
    {
        var push = await PrepareAsync(run, cancellation);
        if (push.UpToDate is { } end)
            return new StagedImage(end, []);
        var pending = push.Target.WithTag(PendingTag);
        var digest = await TagAndPushAsync(run, pending, cancellation);
        try
        {
            Check(run, digest);
            if (digest is null)
                throw new CraneException(
                    CraneErrorId.PushFailed, $"{store.Name} did not say with which digest it pushed '{run.Move.Source}'.",
                    "Push it without -Atomic and without a pre-tag hook.");
        }
        catch
        {
            await ReleaseAsync(run, pending);
            throw;
        }

        return new StagedImage(push.End(digest), [new(push.Target, push.There?.ToString(), digest.ToString())])
        {
            Image = push.Target.WithoutTag().WithDigest(digest),
            Platforms = push.Local.Platforms,
            NamedAsync = token => NameAsync(run, push.Target, token),
            ReleaseAsync = () => ReleaseAsync(run, pending),
        };
    }

    // After the remote name is given: with the last tag of a repository, an engine forgets which digest the image has there. In the
    // registry the tag stays: some registries would remove the manifest with all its tags.
    private async Task ReleaseAsync(MoveContext run, ImageName pending)
    {
        try
        {
            await store.UntagAsync(pending, CancellationToken.None);
        }
        catch (CraneException error)
        {
            run.Warn($"'{pending}' stays in {store.Name}: {error.Message}");
        }
    }

    private async Task<Prepared> PrepareAsync(MoveContext run, CancellationToken cancellation)
    {
        // Without the digest the name would mean the tag latest, which would be overwritten.
        if (run.Move.Target.TagOrDefault is null)
            throw new CraneException(
                CraneErrorId.DigestWithoutTag, $"An engine cannot push to '{run.Move.Target}', a digest without a tag.",
                "Add a tag to the target: NAME:TAG@DIGEST. Copy-CraneImage and layout folders need none.");
        var (source, target) = (run.Move.Source, run.Move.Target.WithoutDigest());
        var local = await store.FindAsync(source, cancellation) ?? throw NoSuchImage.InStore(
            source, store.Name, "Build or pull it first, or choose another engine with -Engine.");
        if (run.Move.Digest is { } planned && local.Id != planned.ToString() && !local.Digests.Contains(planned))
            throw MoveErrors.SourceGone(source, store.Name, planned, local.Id);

        var there = await FindTargetAsync(run, target, cancellation);
        var before = await store.FindAsync(target, cancellation);
        var push = new Prepared(target, local, there.Digest)
        {
            PreviousDigest = there.State == RemoteState.Unknown ? null : KnownImage.Write(there.Digest?.ToString()),
            PreviousId = KnownImage.Write(before?.Id),
        };
        if (!run.Force && there.Digest is { } same && local.Digests.Contains(same))
        {
            if (run.Move.Target.ContentDigest is { } promised && promised != same)
                throw MoveErrors.DigestMismatch(run.Move.Target, same);
            run.Step($"{target} is up to date with {source} ({same})");
            // The remote name shows that the registry has the image.
            if (before?.Id != local.Id)
                await NameAsync(run, target, cancellation);
            return push with { UpToDate = new PlanEnd(RetagStatus.UpToDate, same.ToString()) { ImageSizeBytes = local.SizeBytes } };
        }

        if (there.State != RemoteState.Unknown)
            await CheckTargetAsync(run, target, there.Digest, source == target ? null : before, cancellation);
        await new PushCheck(run, store, local).CheckAsync(run.Force ? RemoteImage.Unknown : there, cancellation);
        return push;
    }

    private Task CheckTargetAsync(
        MoveContext run, ImageName target, Digest? there, LocalImage? tracked, CancellationToken cancellation)
    {
        IReadOnlyList<Digest> seen = [.. tracked?.SeenIn(target) ?? []];
        return OverwriteGuard.CheckAsync(
            run.Move, run.Overwrite, there, seen,
            async () => registries is not null
                && await RemoteImageReader.IsSameAsync(registries, target.WithDigest(there!), tracked!, cancellation));
    }

    // A forced push needs no answer of the registry; what the target was is only recorded.
    private async Task<RemoteImage> FindTargetAsync(MoveContext run, ImageName target, CancellationToken cancellation)
    {
        try
        {
            return await store.FindRemoteAsync(target, cancellation);
        }
        catch (CraneException error) when (run.Force && run.Overwrite == OverwriteMode.Always)
        {
            run.Step($"what '{target}' is now is unknown: {error.Message}");
            return RemoteImage.Unknown;
        }
    }

    private async Task<Digest?> TagAndPushAsync(MoveContext run, ImageName target, CancellationToken cancellation)
    {
        var source = run.Move.Source;
        var before = source == target ? null : await store.FindAsync(target, cancellation);
        return await Cleanup.RunAsync(
            async () =>
            {
                await NameAsync(run, target, cancellation);
                run.Step($"push {target}");
                return await store.PushAsync(target, run.Meter, cancellation);
            },
            // The remote name must not stay on an image that was not pushed, not even after a cancellation.
            () => source == target ? Task.CompletedTask
                : before is null ? store.UntagAsync(target, CancellationToken.None)
                : store.TagAsync(before, target, CancellationToken.None),
            second => run.Warn($"'{target}' still names an image that was not pushed: {second.Message}"));
    }

    private async Task NameAsync(MoveContext run, ImageName target, CancellationToken cancellation)
    {
        if (run.Move.Source == target)
            return;
        run.Step($"tag {target}");
        await store.TagAsync(run.Move.Source, target, cancellation);
    }

    private static void Check(MoveContext run, Digest? digest)
    {
        if (run.Move.Target.ContentDigest is { } expected && digest is not null && digest != expected)
            throw MoveErrors.DigestMismatch(run.Move.Target, digest);
    }

    /// <summary>A push that was checked.</summary>
    /// <param name="There">The digest that the target has now; null for none.</param>
    private sealed record Prepared(ImageName Target, LocalImage Local, Digest? There)
    {
        public PlanEnd? UpToDate { get; init; }

        public string? PreviousDigest { get; init; }

        public string? PreviousId { get; init; }

        public PlanEnd End(Digest? digest) => new(RetagStatus.Succeeded, digest?.ToString())
        {
            PreviousDigest = PreviousDigest,
            PreviousId = PreviousId,
            ImageSizeBytes = Local.SizeBytes,
        };
    }
}

/// <summary>
/// Checks before a push through an engine whether it keeps the digest and platforms of the target: of an image for several platforms an
/// engine may have only one, and then pushes that one.
/// </summary>
internal sealed class PushCheck(MoveContext run, IImageStore store, LocalImage local)
{
    /// <exception cref="CraneException">DigestMismatch; WouldLoseImage if the target would lose platforms.</exception>
    public async Task CheckAsync(RemoteImage there, CancellationToken cancellation)
    {
        var origins = local.PushDigest is null ? await OriginsAsync(cancellation) : [];
        if (run.Move.Target.ContentDigest is { } expected && !MaySend(expected, origins))
            throw new CraneException(
                CraneErrorId.DigestMismatch,
                $"{store.Name} cannot push '{run.Move.Source}' to '{run.Move.Target.WithoutDigest()}' with the digest {expected}"
                + (local.PushDigest is { } digest ? $": it would push {digest}." : "."),
                $"{MoveErrors.CopyAll} and its digest. Or omit the digest.");

        if (local.PlatformsLostBy(there.Platforms) is { Count: > 0 } lost)
            throw MoveErrors.WouldLosePlatforms(run.Move, store.Name, there.Platforms, local.Platforms, lost);

        var left = local.AbsentPlatforms.Concat(Missing(origins.SelectMany(origin => origin.Platforms))).Distinct().ToList();
        if (left.Count > 0)
            run.Warn($"'{run.Move.Source}' is pushed for {Join(local.Platforms)} only: {store.Name} does not have it for {Join(left)}."
                + $" {MoveErrors.CopyAll}.");
    }

    // A store that creates manifests when it pushes creates one of Docker's schema 2, for its only platform.
    private bool MaySend(Digest expected, IReadOnlyList<RemoteImage> origins) => local.PushDigest is { } digest
        ? digest == expected
        : local.Digests.Contains(expected)
            && origins.FirstOrDefault(origin => origin.Digest == expected)?.MediaType is null or MediaTypes.DockerManifest;

    private List<ImagePlatform> Missing(IEnumerable<ImagePlatform> platforms) =>
        platforms.Where(platform => !local.Platforms.Contains(platform)).Distinct().ToList();

    /// <summary>The image in the registries that it comes from, as far as they can be asked.</summary>
    private async Task<IReadOnlyList<RemoteImage>> OriginsAsync(CancellationToken cancellation)
    {
        var origins = new List<RemoteImage>();
        foreach (var origin in local.Origins.DistinctBy(origin => origin.ContentDigest))
        {
            try
            {
                origins.Add(await store.FindRemoteAsync(origin, cancellation));
            }
            catch (CraneException unknown)
            {
                run.Step($"the platforms of '{origin}' are unknown: {unknown.Message}");
            }
        }

        return origins;
    }

    private static string Join(IEnumerable<ImagePlatform> platforms) => string.Join(", ", platforms);
}

using Crane.Moving.Run;
using Crane.Names;
using Crane.Oci;

namespace Crane.Moving.Engine;

/// <summary>Runs a push: plain name → remote name.</summary>
internal static class PushRun
{
    public static async Task<PlanEnd> RunAsync(MoveContext run, IImageStore store, CancellationToken cancellation)
    {
        // Without its digest it would be the name of the latest one, and that would be overwritten.
        if (run.Move.Target.TagOrDefault is null)
            throw new CraneException(
                CraneErrorId.DigestWithoutTag,
                $"An engine cannot push to '{run.Move.Target}', a digest without a tag.",
                "Give the target a tag, too: NAME:TAG@DIGEST. Copy-CraneImage and layout folders can do without.");
        var (source, target) = (run.Move.Source, run.Move.Target.WithoutDigest());
        var local = await store.FindAsync(source, cancellation) ?? throw NoSuchImage.InStore(
            source, store.Name, "Build or pull it first, or choose another engine with -Engine.");

        var there = run.Force ? RemoteImage.Unknown : await store.ResolveAsync(target, cancellation);
        if (there.Digest is { } same && local.Digests.Contains(same))
        {
            if (run.Move.Target.ContentDigest is { } promised && promised != same)
                throw Mismatch.Of(run.Move.Target, same);
            run.Step($"{target} is up to date with {source} ({same})");
            // The remote name says what is over there, and keeps the image from counting as being here only.
            if ((await store.FindAsync(target, cancellation))?.Id != local.Id)
                await NameAsync(run, store, source, target, cancellation);
            return new PlanEnd(RetagStatus.UpToDate, same.ToString());
        }

        await new PushCheck(run, store, local).CheckAsync(there, cancellation);
        var digest = await TagAndPushAsync(run, store, source, target, cancellation);
        if (run.Move.Target.ContentDigest is { } wanted && digest is not null && digest != wanted)
            throw Mismatch.Of(run.Move.Target, digest);
        return new PlanEnd(RetagStatus.Succeeded, digest?.ToString());
    }

    private static async Task<Digest?> TagAndPushAsync(
        MoveContext run, IImageStore store, ImageName source, ImageName target, CancellationToken cancellation)
    {
        var before = source == target ? null : await store.FindAsync(target, cancellation);
        return await Cleanup.RunAsync(
            async () =>
            {
                await NameAsync(run, store, source, target, cancellation);
                run.Step($"push {target}");
                return await store.PushAsync(target, run.Meter, cancellation);
            },
            // A name that says "this is over there" must not stay where it is not; not even when the run was stopped.
            () => source == target ? Task.CompletedTask
                : before is null ? store.UntagAsync(target, CancellationToken.None)
                : store.TagAsync(before, target, CancellationToken.None),
            second => run.Warn($"'{target}' still is a name of what was not pushed: {second.Message}"));
    }

    private static async Task NameAsync(
        MoveContext run, IImageStore store, ImageName source, ImageName target, CancellationToken cancellation)
    {
        if (source == target)
            return;
        run.Step($"tag {target}");
        await store.TagAsync(source, target, cancellation);
    }
}

/// <summary>
/// Compares what a push through an engine would send with what is promised and with what is there, before anything is sent:
/// of an image for several platforms an engine may have one only, and then pushes that one.
/// </summary>
internal sealed class PushCheck(MoveContext run, IImageStore store, LocalImage local)
{
    private const string CopyAll = "Copy-CraneImage moves an image from registry to registry as it is, with all of its platforms";

    /// <param name="there">What the target is now.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="CraneException">
    /// DigestMismatch where the target's digest would not be kept; WouldLoseImage where the target would lose platforms.
    /// </exception>
    public async Task CheckAsync(RemoteImage there, CancellationToken cancellation)
    {
        var origins = local.PushDigest is null ? await OriginsAsync(cancellation) : [];
        if (run.Move.Target.ContentDigest is { } wanted && !MaySend(wanted, origins))
            throw new CraneException(
                CraneErrorId.DigestMismatch,
                $"{store.Name} would not push '{run.Move.Source}' as {wanted}, which '{run.Move.Target.WithoutDigest()}' is to be"
                + (local.PushDigest is { } digest ? $": it would push {digest}." : "."),
                $"{CopyAll} and its digest. Or leave the digest out.");

        var lost = Missing(there.Platforms);
        if (there.Platforms.Count > Math.Max(1, local.Platforms.Count) && lost.Count > 0)
            throw new CraneException(
                CraneErrorId.WouldLoseImage,
                $"'{run.Move.Target}' is for {Text(there.Platforms)}, '{run.Move.Source}' in {store.Name} for {Text(local.Platforms)}:"
                + $" the push would take {Text(lost)} away there.",
                $"{CopyAll}. Use -Force to give the other platforms up.");

        var left = local.AbsentPlatforms.Concat(Missing(origins.SelectMany(origin => origin.Platforms))).Distinct().ToList();
        if (left.Count > 0)
            run.Warn($"'{run.Move.Source}' is pushed for {Text(local.Platforms)} only: {store.Name} does not have it for {Text(left)}. {CopyAll}.");
    }

    // A store that makes manifests when it pushes makes those of Docker's schema 2, of the one image that it has.
    private bool MaySend(Digest wanted, IReadOnlyList<RemoteImage> origins) => local.PushDigest is { } digest
        ? digest == wanted
        : local.Digests.Contains(wanted)
            && origins.FirstOrDefault(origin => origin.Digest == wanted)?.MediaType is null or MediaTypes.DockerManifest;

    private List<ImagePlatform> Missing(IEnumerable<ImagePlatform> platforms) =>
        platforms.Where(platform => !local.Platforms.Contains(platform)).Distinct().ToList();

    /// <summary>What the registries that the image comes from have it as, as far as they can be asked.</summary>
    private async Task<IReadOnlyList<RemoteImage>> OriginsAsync(CancellationToken cancellation)
    {
        var origins = new List<RemoteImage>();
        foreach (var origin in local.Origins.DistinctBy(origin => origin.ContentDigest))
        {
            try
            {
                origins.Add(await store.ResolveAsync(origin, cancellation));
            }
            catch (CraneException unknown)
            {
                run.Step($"which platforms '{origin}' has is not known: {unknown.Message}");
            }
        }

        return origins;
    }

    private static string Text(IEnumerable<ImagePlatform> platforms) => string.Join(", ", platforms);
}

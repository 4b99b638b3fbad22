using Crane.Moving.Run;
using Crane.Names;

namespace Crane.Moving.Engine;

/// <summary>Runs a push: plain name → remote name.</summary>
internal static class PushRun
{
    public static async Task<PlanEnd> RunAsync(MoveRun run, IImageStore store, CancellationToken cancellation)
    {
        // Without its digest it would be the name of the latest one, and that would be overwritten.
        if (run.Move.Target.TagOrDefault is null)
            throw new CraneException(
                CraneErrorId.DigestWithoutTag,
                $"An engine cannot push to '{run.Move.Target}', a digest without a tag.",
                "Give the target a tag, too: NAME:TAG@DIGEST. Copy-CraneImage and layout folders can do without.");
        var (source, target) = (run.Move.Source, run.Move.Target.WithoutDigest());
        var local = await store.FindAsync(source, cancellation) ?? throw new CraneException(
            CraneErrorId.LocalImageNotFound,
            $"There is no image {source} in {store.Name}.",
            "Build or pull it first, or choose another engine with -Engine.");

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
        MoveRun run, IImageStore store, ImageName source, ImageName target, CancellationToken cancellation)
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
        MoveRun run, IImageStore store, ImageName source, ImageName target, CancellationToken cancellation)
    {
        if (source == target)
            return;
        run.Step($"tag {target}");
        await store.TagAsync(source, target, cancellation);
    }
}

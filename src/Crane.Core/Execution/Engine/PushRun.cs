using Crane.Stores;

namespace Crane.Execution.Engine;

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

        var digest = run.Force ? null : await FindUpToDateAsync(run, store, local, cancellation);
        var status = digest is null ? RetagStatus.Succeeded : RetagStatus.UpToDate;
        if (digest is null)
            digest = await TagAndPushAsync(run, store, source, target, cancellation);
        else
            run.Step($"{target} is up to date with {source} ({digest})");

        if (run.Move.Target.ContentDigest is { } wanted && digest is not null && digest != wanted)
            throw Mismatch.Of(run.Move.Target, digest);
        return new PlanEnd(status, digest?.ToString());
    }

    private static async Task<Digest?> FindUpToDateAsync(MoveRun run, IImageStore store, LocalImage local, CancellationToken cancellation)
    {
        var remote = await store.ResolveAsync(run.Move.Target.WithoutDigest(), cancellation);
        return remote.Digest is { } digest && local.Digests.Contains(digest) ? digest : null;
    }

    private static async Task<Digest?> TagAndPushAsync(
        MoveRun run, IImageStore store, ImageName source, ImageName target, CancellationToken cancellation)
    {
        var isNewName = source != target && await store.FindAsync(target, cancellation) is null;
        if (source != target)
        {
            run.Step($"tag {target}");
            await store.TagAsync(source, target, cancellation);
        }

        run.Step($"push {target}");
        var pushed = false;
        try
        {
            var digest = await store.PushAsync(target, run.Meter, cancellation);
            pushed = true;
            return digest;
        }
        finally
        {
            // A name that says "this is over there" must not stay where it is not; not even when the run was stopped.
            if (!pushed && isNewName)
                await store.UntagAsync(target, CancellationToken.None);
        }
    }
}

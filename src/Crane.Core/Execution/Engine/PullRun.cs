using Crane.Stores;

namespace Crane.Execution.Engine;

/// <summary>
/// Runs a pull: remote name → plain name. The plain name changes last, in one step of the store, so whenever the run
/// is stopped it means either the old image or the new one.
/// </summary>
internal static class PullRun
{
    public static async Task<PlanEnd> RunAsync(MoveRun run, IImageStore store, CancellationToken cancellation)
    {
        var (source, target) = (run.Move.Source, run.Move.Target);
        if (!run.Force && await FindUpToDateAsync(run, store, cancellation) is { } same)
        {
            run.Step($"{target} is up to date with {source} ({same})");
            return new PlanEnd(RetagStatus.UpToDate, same.ToString());
        }

        run.Step($"pull {source}");
        var digest = await store.PullAsync(source, run.Meter, cancellation);
        if (source.ContentDigest is { } wanted && digest is not null && digest != wanted)
            throw Mismatch.Of(source, digest);
        if (source != target)
        {
            run.Step($"tag {target}");
            await store.TagAsync(source, target, cancellation);
        }

        return new PlanEnd(RetagStatus.Succeeded, digest?.ToString());
    }

    // Asking the registry pays only where there is something to compare with.
    private static async Task<Digest?> FindUpToDateAsync(MoveRun run, IImageStore store, CancellationToken cancellation)
    {
        if (await store.FindAsync(run.Move.Target, cancellation) is not { } local)
            return null;
        var remote = run.Move.Source.ContentDigest
            ?? (await store.ResolveAsync(run.Move.Source, cancellation)).Digest;
        return remote is not null && local.Digests.Contains(remote) ? remote : null;
    }
}

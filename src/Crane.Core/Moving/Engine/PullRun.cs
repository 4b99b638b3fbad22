using Crane.Moving.Run;
using Crane.Names;

namespace Crane.Moving.Engine;

/// <summary>Runs pulls: remote name → plain name. The plain name changes last and atomically.</summary>
internal sealed class PullRun(IImageStore store) : IDisposable
{
    // Two pulls that replace two names of one image could otherwise each count on the other name.
    private readonly SemaphoreSlim _naming = new(1);

    public async Task<PlanEnd> RunAsync(MoveContext run, CancellationToken cancellation)
    {
        var (source, target) = (run.Move.Source, run.Move.Target);
        var before = run.Force ? null : await store.FindAsync(target, cancellation);
        if (before is not null && await FindUpToDateAsync(source, before, cancellation) is { } same)
        {
            run.Step($"{target} is up to date with {source} ({same})");
            return new PlanEnd(RetagStatus.UpToDate, same.ToString());
        }

        // If both names are the same, the pull itself replaces it.
        if (source == target && before is not null && await IsOnlyHereAsync(before, target, source, cancellation))
            throw MoveErrors.WouldLoseImage(target, store.Name, before.Created, source);
        run.Step($"pull {source}");
        var digest = await store.PullAsync(source, run.Meter, cancellation);
        if (source.ContentDigest is { } expected && digest is not null && digest != expected)
            throw MoveErrors.DigestMismatch(source, digest);
        if (source != target)
            await NameAsync(run, before, cancellation);
        return new PlanEnd(RetagStatus.Succeeded, digest?.ToString());
    }

    public void Dispose() => _naming.Dispose();

    private async Task NameAsync(MoveContext run, LocalImage? before, CancellationToken cancellation)
    {
        var (source, target) = (run.Move.Source, run.Move.Target);
        await _naming.WaitAsync(cancellation);
        try
        {
            // The image may have been built during the pull.
            if (!run.Force && await store.FindAsync(target, cancellation) is { } now
                && !WasPulled(now, before, source)
                && await IsOnlyHereAsync(now, target, source, cancellation)
                && (await store.FindAsync(source, cancellation))?.ContentHash != now.ContentHash)
            {
                throw MoveErrors.WouldLoseImage(target, store.Name, now.Created, source);
            }

            run.Step($"tag {target}");
            await store.TagAsync(source, target, cancellation);
        }
        finally
        {
            _naming.Release();
        }
    }

    /// <summary>Whether the image was pulled before: the store had it under its remote name.</summary>
    private static bool WasPulled(LocalImage now, LocalImage? before, ImageName source) =>
        now.Id == before?.Id && before.Names.Contains(source);

    private async Task<bool> IsOnlyHereAsync(LocalImage image, ImageName name, ImageName source, CancellationToken cancellation)
    {
        if (image.Origins.Count > 0 || image.Names.Any(other => other != name))
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

    // The registry is asked only if there is an image to compare with.
    private async Task<Digest?> FindUpToDateAsync(ImageName source, LocalImage local, CancellationToken cancellation)
    {
        var remote = source.ContentDigest ?? (await store.FindRemoteAsync(source, cancellation)).Digest;
        return remote is not null && local.Digests.Contains(remote) ? remote : null;
    }
}

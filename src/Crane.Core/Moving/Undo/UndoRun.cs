using Crane.Comparing;
using Crane.Moving.Run;
using Crane.Names;
using Crane.Planning;

namespace Crane.Moving.Undo;

/// <summary>
/// Puts names back to what they referred to before a run: in an engine by the image's id, in a registry by its manifest, in a folder by its
/// index.
/// </summary>
/// <param name="force">Whether a name is put back that has changed since, or that is the last one of an image.</param>
internal sealed class UndoRun(UndoStores stores, bool force, IRunObserver observer)
{
    /// <summary>Undoes one result.</summary>
    public async Task<RunOutcome> RunAsync(RetagResult result, CancellationToken cancellation)
    {
        if (result.Status != RetagStatus.Succeeded)
            return new RunOutcome(Skipped(result), null);
        var reason = "";
        var outcome = await new PlanWork(result.Plan, result.Engine, observer).RunAsync(
            async () =>
            {
                var (end, why) = await UndoAsync(result, cancellation);
                reason = why;
                return end;
            },
            () => 0, cancellation);
        return outcome with { Result = outcome.Result with { Reason = reason } };
    }

    // The plan is skipped, too, so that the result means the same live and read back.
    private static RetagResult Skipped(RetagResult result) => new(
        result.Plan with { Status = RetagStatus.Skipped, Reason = $"nothing to undo: it was {result.Status}" })
    {
        Digest = null,
        Engine = result.Engine,
    };

    private Task<(PlanEnd End, string Reason)> UndoAsync(RetagResult result, CancellationToken cancellation)
    {
        var source = result.Operation == RetagOperation.Build ? null : ImageName.Parse(result.Source);
        var target = ImageName.Parse(result.Target);
        return result.Operation is RetagOperation.Pull or RetagOperation.Build
            ? UndoLocalAsync(result, source, target.WithoutDigest(), cancellation)
            : UndoRemoteAsync(result, source!, target.WithoutDigest(), cancellation);
    }

    private async Task<(PlanEnd, string)> UndoLocalAsync(
        RetagResult result, ImageName? source, ImageName target, CancellationToken cancellation)
    {
        var local = stores.Local!;
        var previous = Before(result, result.PreviousId, nameof(RetagResult.PreviousId));
        var now = await local.FindAsync(target, cancellation);
        var tracked = source is null ? null : await TrackedAsync(result, local, source, target, cancellation);
        if (now?.Id == previous.Value && tracked is null)
            return UpToDate(target, previous);
        if (now?.Id != previous.Value && !force)
        {
            if (Left(result) is var left && !left.Is(now?.Id, now?.Digests ?? Enumerable.Empty<Digest>()))
                throw MoveErrors.TargetMoved(target, left.ToString(), now?.Id, "the result");
            if (now is not null && !await IsElsewhereAsync(local, now, target, source, cancellation))
                throw MoveErrors.WouldLoseImage(target, local.Names.Store, now.Created, $"to {previous}");
        }

        var changes = new List<NamedImage> { new(target, previous.Value) };
        if (tracked is { } remote)
            changes.Add(remote.New);
        await SetAsync(local.Names, target, previous, changes, cancellation);
        return Done(target, previous, previousDigest: tracked?.Before ?? now?.Id, previousId: now?.Id);
    }

    /// <summary>How the remote name of a pull changes: to what was last pulled, unless it has changed since. Null for no change.</summary>
    private static async Task<NameChange?> TrackedAsync(
        RetagResult result, LocalNames local, ImageName source, ImageName target, CancellationToken cancellation)
    {
        if (source.ContentDigest is not null || source == target
            || KnownImage.Read(result.PreviousDigest, nameof(RetagResult.PreviousDigest)) is not { } seen)
            return null;
        var now = await local.FindAsync(source, cancellation);
        if (now is null || !Left(result).Is(now.Id, now.Digests))
            return null;
        if (seen.Value is null)
            return new NameChange(source, now.Id, null);
        // An image that is no longer here cannot have the name. Containerd's store does not find one by a digest without a name.
        var id = Digest.TryParse(seen.Value, out var digest) && await local.FindAsync(source.WithDigest(digest), cancellation) is { } found
            ? found.Id
            : seen.Value == result.PreviousId ? seen.Value : null;
        return id is null || id == now.Id ? null : new NameChange(source, now.Id, id);
    }

    // An image with the remote name was pulled from there, or pushed to it.
    private async Task<bool> IsElsewhereAsync(
        LocalNames local, LocalImage image, ImageName target, ImageName? source, CancellationToken cancellation)
    {
        if (image.Origins.Count > 0 || await local.HasOtherNameAsync(image, target, cancellation))
            return true;
        if (source != target)
            return false;
        foreach (var digest in image.Digests)
            if (await stores.Registries.FindAsync(source.WithDigest(digest), cancellation) is not null)
                return true;
        return false;
    }

    private async Task<(PlanEnd, string)> UndoRemoteAsync(
        RetagResult result, ImageName source, ImageName target, CancellationToken cancellation)
    {
        var (previous, left) = (Before(result, result.PreviousDigest, nameof(RetagResult.PreviousDigest)), Left(result));
        var now = await stores.Registries.FindAsync(target, cancellation);
        if (now == previous.Value)
            return UpToDate(target, previous);
        if (!force)
        {
            if (now != left.Value)
                throw MoveErrors.TargetMoved(target, left.ToString(), now, "the result");
            if (now is not null && !await IsKeptAsync(result, source, target, now, previous, cancellation))
                throw MoveErrors.WouldLoseImage(target, target.Registry, null, $"to {previous}");
        }

        await SetAsync(stores.Registries, target, previous, [new(target, previous.Value)], cancellation);

        // The local store's own name for what it has seen there.
        string? tracked = null;
        if (result.Operation == RetagOperation.Push && source != target && stores.Local is { } local
            && KnownImage.Read(result.PreviousId, nameof(RetagResult.PreviousId)) is { } before)
        {
            tracked = KnownImage.Write((await local.FindAsync(target, cancellation))?.Id);
            await SetAsync(local.Names, target, before, [new(target, before.Value)], cancellation);
        }

        return Done(target, previous, now, tracked);
    }

    // The image that loses the tag has another name, or the source has the one that gets it: that is the same push or copy again.
    private async Task<bool> IsKeptAsync(
        RetagResult result, ImageName source, ImageName target, string now, KnownImage previous, CancellationToken cancellation)
    {
        if (result.Operation == RetagOperation.Copy || stores.Local is not { } local)
            return await stores.Registries.FindAsync(source, cancellation) is var there && (there == now || there == previous.Value);
        var digests = (await local.FindAsync(source, cancellation))?.Digests.Select(digest => digest.ToString()) ?? [];
        if (digests.Any(digest => digest == now || digest == previous.Value))
            return true;
        return Digest.TryParse(now, out var digest) && await local.FindAsync(target.WithDigest(digest), cancellation) is { } pushed
            && await local.HasOtherNameAsync(pushed, target, cancellation);
    }

    private static async Task SetAsync(
        INames names, ImageName target, KnownImage previous, IReadOnlyList<NamedImage> changes, CancellationToken cancellation)
    {
        try
        {
            await names.SetAsync(changes, cancellation);
        }
        catch (CraneException error) when (error.Id is CraneErrorId.ImageNotFound or CraneErrorId.LocalImageNotFound)
        {
            throw new CraneException(
                CraneErrorId.UndoFailed,
                $"'{target}' cannot be {previous} again, because {names.Store} no longer has that image: {error.Message}",
                "It was pruned or collected. Pull or push it from where it still is.", error);
        }
    }

    private static KnownImage Before(RetagResult result, string? value, string property) =>
        KnownImage.Read(value, property) ?? throw new CraneException(
            CraneErrorId.UndoFailed, $"The result of '{result.Target}' has no {property}: what it was before is not known.",
            "Keep the property when you save results. Where an engine cannot ask registries, it is empty.");

    // What the run has made of the target.
    private static KnownImage Left(RetagResult result) => KnownImage.Read(result.Digest, nameof(RetagResult.Digest))
        ?? throw new CraneException(
            CraneErrorId.UndoFailed, $"The result of '{result.Target}' has no Digest: what it was then is not known.",
            "Use -Force to put the name back whatever it is now.");

    private static (PlanEnd, string) UpToDate(ImageName target, KnownImage previous) =>
        (new PlanEnd(RetagStatus.UpToDate, previous.Value), $"{target} is {previous} already");

    private static (PlanEnd, string) Done(ImageName target, KnownImage previous, string? previousDigest, string? previousId) => (
        new PlanEnd(RetagStatus.Succeeded, KnownImage.Write(previous.Value))
        {
            PreviousDigest = KnownImage.Write(previousDigest),
            PreviousId = previousId,
        },
        previous.Value is null ? $"{target} is removed again" : $"{target} is {previous} again");
}

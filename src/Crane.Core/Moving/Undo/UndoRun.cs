using Crane.Moving.Engine;
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
        string? reason = null;
        var outcome = await new PlanWork(result.Plan, result.Engine, observer).RunAsync(
            async () =>
            {
                var (end, why) = await UndoAsync(result, cancellation);
                reason = why;
                return end;
            },
            () => 0, cancellation);
        return reason is null ? outcome : outcome with { Result = outcome.Result with { Reason = reason } };
    }

    private static RetagResult Skipped(RetagResult result) => new(result.Plan)
    {
        Status = RetagStatus.Skipped,
        Reason = $"nothing to undo: it was {result.Status}",
        Digest = null,
        Engine = result.Engine,
    };

    private Task<(PlanEnd End, string Reason)> UndoAsync(RetagResult result, CancellationToken cancellation)
    {
        var target = ImageName.Parse(result.Target).WithoutDigest();
        var isLocal = result.Operation is RetagOperation.Pull or RetagOperation.Build;
        return isLocal && stores.Engine is { } engine
            ? UndoInEngineAsync(result, target, engine, cancellation)
            : UndoContentAsync(result, target, isLocal ? stores.Folder! : stores.Registries, cancellation);
    }

    private async Task<(PlanEnd, string)> UndoInEngineAsync(
        RetagResult result, ImageName target, IImageStore engine, CancellationToken cancellation)
    {
        var (previous, left) = (Before(result, result.PreviousId, nameof(RetagResult.PreviousId)), Left(result));
        var now = await engine.FindAsync(target, cancellation);
        if (now?.Id == previous.Value)
            return UpToDate(target, previous);
        if (!force && !left.Is(now?.Id, now?.Digests ?? Enumerable.Empty<Digest>()))
            throw MoveErrors.TargetMoved(target, left.ToString(), now?.Id, "the result");
        // What was pulled is in its registry; what was built may be nowhere else.
        if (!force && result.Operation == RetagOperation.Build && now is { Origins.Count: 0 } && now.Names.All(name => name == target))
            throw MoveErrors.WouldLoseImage(target, engine.Name, now.Created, $"to {previous}");

        var names = new EngineNames(engine);
        var changes = new List<NamedImage> { new(target, previous.Value) };
        if (await TrackedAsync(result, target, engine, cancellation) is { } tracked)
            changes.Add(new(tracked, previous.Value));
        await SetAsync(names, target, previous, changes, cancellation);
        return Done(target, previous, now?.Id, id: now?.Id);
    }

    /// <summary>The remote name of a pull, if it referred to the same image as the plain name before.</summary>
    private static async Task<ImageName?> TrackedAsync(
        RetagResult result, ImageName target, IImageStore engine, CancellationToken cancellation)
    {
        if (result.Operation != RetagOperation.Pull || result.PreviousDigest is null or KnownImage.None
            || ImageName.Parse(result.Source) is not { ContentDigest: null } source || source == target
            || !Digest.TryParse(result.PreviousDigest, out var seen))
            return null;
        return (await engine.FindAsync(source.WithDigest(seen), cancellation))?.Id == result.PreviousId ? source : null;
    }

    private async Task<(PlanEnd, string)> UndoContentAsync(
        RetagResult result, ImageName target, INames names, CancellationToken cancellation)
    {
        var (previous, left) = (Before(result, result.PreviousDigest, nameof(RetagResult.PreviousDigest)), Left(result));
        var now = await names.FindAsync(target, cancellation);
        if (now == previous.Value)
            return UpToDate(target, previous);
        if (!force && now != left.Value)
            throw MoveErrors.TargetMoved(target, left.ToString(), now, "the result");
        var changes = new List<NamedImage> { new(target, previous.Value) };
        // A folder has the remote name of a pull, too.
        if (result.Operation == RetagOperation.Pull && ImageName.Parse(result.Source).WithoutDigest() is var source && source != target
            && await names.FindAsync(source, cancellation) == now)
            changes.Add(new(source, previous.Value));
        await SetAsync(names, target, previous, changes, cancellation);

        // The engine's own name for what it has seen there.
        string? tracked = null;
        if (result.Operation == RetagOperation.Push && stores.Engine is { } engine && result.PreviousId is { } before
            && ImageName.Parse(result.Source) != target)
        {
            tracked = KnownImage.Write((await engine.FindAsync(target, cancellation))?.Id);
            await SetAsync(
                new EngineNames(engine), target, KnownImage.Read(before, nameof(RetagResult.PreviousId))!,
                [new(target, before == KnownImage.None ? null : before)], cancellation);
        }

        return Done(target, previous, now, tracked);
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

    private static (PlanEnd, string) Done(ImageName target, KnownImage previous, string? now, string? id) => (
        new PlanEnd(RetagStatus.Succeeded, KnownImage.Write(previous.Value))
        {
            PreviousDigest = KnownImage.Write(now),
            PreviousId = id is null ? null : KnownImage.Write(id),
        },
        previous.Value is null ? $"{target} is removed again" : $"{target} is {previous} again");
}

/// <summary>Where the names of results are.</summary>
/// <param name="Engine">The engine; null for a folder, and for copies.</param>
/// <param name="Folder">The layout folder; null for an engine, and for copies.</param>
/// <param name="Registries">All registries.</param>
internal sealed record UndoStores(IImageStore? Engine, INames? Folder, INames Registries) : IAsyncDisposable
{
    public async ValueTask DisposeAsync()
    {
        await Registries.DisposeAsync();
        if (Folder is not null)
            await Folder.DisposeAsync();
        if (Engine is not null)
            await Engine.DisposeAsync();
    }
}

using Crane.Comparing;
using Crane.Moving.Content;
using Crane.Moving.Run;
using Crane.Names;
using Crane.Oci;
using Crane.Planning;

namespace Crane.Resolving;

/// <summary>
/// Resolves plans: looks up which image each would move, what it would replace, and how many bytes that takes. It only reads, and asks
/// registries itself, also for an engine.
/// </summary>
/// <param name="local">The local store; null for copies.</param>
/// <param name="registries">Asks each name once.</param>
/// <param name="content">Reads manifests of registries.</param>
/// <param name="options">The options with which the plans would be run.</param>
/// <param name="transfer">Which parts of an image copies would move.</param>
internal sealed class PlanResolver(
    ILocalStore? local, RegistryView registries, IContentSource content, RunOptions options, TransferOptions transfer)
{
    /// <summary>Resolves moves, several at the same time, in their order.</summary>
    public IReadOnlyList<Task<ResolvedPlan>> Start(IReadOnlyList<CheckedMove> moves, CancellationToken cancellation) => Schedule.Start(
        [.. moves.Select(_ => Array.Empty<int>())],
        options.ThrottleLimit,
        (index, _) => ResolveAsync(moves[index], cancellation),
        index => new ResolvedPlan(moves[index].Plan, null),
        cancellation);

    private async Task<ResolvedPlan> ResolveAsync(CheckedMove move, CancellationToken cancellation)
    {
        try
        {
            return move.Plan.Operation switch
            {
                RetagOperation.Pull => await PullAsync(move, cancellation),
                RetagOperation.Push => await PushAsync(move, cancellation),
                _ => await CopyAsync(move, cancellation),
            };
        }
        catch (Exception failure) when (CraneException.IsFailure(failure, cancellation))
        {
            return new ResolvedPlan(move.Plan, CraneException.From(failure).About(move.Plan));
        }
    }

    private async Task<ResolvedPlan> PullAsync(CheckedMove move, CancellationToken cancellation)
    {
        var digest = await SourceAsync(move);
        var here = await local!.FindAsync(move.Target, cancellation);
        // An id that is no digest, as podman has it, cannot be compared later.
        var plan = move.Plan with
        {
            Digest = digest.ToString(),
            TargetDigest = here is null || Digest.TryParse(here.Id, out _) ? KnownImage.Write(here?.Id) : null,
        };
        var isHere = local.Content is { } folder
            ? await IsThereAsync(move, digest, (await folder.CurrentAsync(move.Target.WithoutDigest(), cancellation))?.Digest, cancellation)
            : here?.RunsOn(move.Platform) is true && (here.Digests.Contains(digest) || await HasPlatformAsync(move, here, cancellation));
        if (isHere && !options.Force)
            return UpToDate(plan);
        return new ResolvedPlan(plan with { SizeBytes = await PullSizeAsync(move, here, cancellation) }, null)
        {
            Refusal = options.Force ? null : (await RefusalAsync(move, here, cancellation))?.About(move.Plan),
        };
    }

    private async Task<CraneException?> RefusalAsync(CheckedMove move, LocalImage? here, CancellationToken cancellation)
    {
        if (move.Expected is { } expected && !expected.Is(here?.Id, here?.Digests ?? Enumerable.Empty<Digest>()))
            return MoveErrors.TargetMoved(move.Target, expected.ToString(), here?.Id, "the plan");
        return here is not null && await IsLastNameAsync(move, here, cancellation)
            ? MoveErrors.WouldLoseImage(move.Target.WithoutDigest(), local!.Name, here.Created, move.Source) : null;
    }

    /// <summary>Whether the pull would take the last name of an image that is nowhere else.</summary>
    private async Task<bool> IsLastNameAsync(CheckedMove move, LocalImage here, CancellationToken cancellation)
    {
        var (target, remote) = (move.Target.WithoutDigest(), move.Source.WithoutDigest());
        IEnumerable<Digest> digests = here.Digests;
        if (local!.Content is { } folder)
        {
            var last = await folder.LastNamedAsync(target, new HashSet<ImageName> { target, remote }, cancellation);
            if (last.Count == 0)
                return false;
            digests = last.Select(image => image.Digest);
        }
        else if (here.Origins.Count > 0 || here.Names.Any(name => name != target))
        {
            return false;
        }

        foreach (var digest in digests)
            if (await registries.HasAsync(move.Source.WithDigest(digest)))
                return false;
        var platform = move.Platform ?? (here.Platforms is [var only] ? only : ImagePlatform.OfThisMachine);
        return remote == target || (await registries.FactsAsync(move.From, platform))?.IsSameAs(here) is not true;
    }

    // Of several images of an index, an engine may know its digest for another one.
    private async Task<bool> HasPlatformAsync(CheckedMove move, LocalImage here, CancellationToken cancellation) =>
        move.Platform is { } platform && (await local!.FindAsync(move.Source, cancellation))?.Id == here.Id
        && (await registries.FactsAsync(move.From, platform))?.IsSameAs(here) is true;

    private async Task<long?> PullSizeAsync(CheckedMove move, LocalImage? here, CancellationToken cancellation)
    {
        if (local!.Content is { } folder)
        {
            var absent = new List<long>();
            foreach (var blob in await BlobsAsync(content, move.From, transfer.PlatformsOf(move), cancellation))
                if (!await folder.HasBlobAsync(move.Target, blob, cancellation))
                    absent.Add(blob.Size);
            return ByteSize.Sum(absent);
        }

        var seen = await local.FindAsync(move.Source, cancellation);
        var platform = move.Platform ?? (here?.Platforms is [var only] ? only : ImagePlatform.OfThisMachine);
        return (await registries.FactsAsync(move.From, platform))?.BytesWithout(
            (here?.Layers ?? []).Concat(seen?.Layers ?? []).ToHashSet(StringComparer.Ordinal));
    }

    private async Task<ResolvedPlan> PushAsync(CheckedMove move, CancellationToken cancellation)
    {
        var here = await local!.FindAsync(move.Source, cancellation) ?? throw NoSuchImage.InStore(
            move.Source, local.Name, "Build or pull it first, or choose another engine with -Engine.");
        if (move.Digest is { } planned && here.Id != planned.ToString() && !here.Digests.Contains(planned))
            throw MoveErrors.SourceGone(move.Source, local.Name, planned, here.Id);
        var target = move.Target.WithoutDigest();
        var there = target.TagOrDefault is null ? null : await registries.DigestAsync(target);
        var plan = move.Plan with
        {
            Digest = Digest.TryParse(here.Id, out _) ? here.Id : null,
            TargetDigest = KnownImage.Write(there?.ToString()),
        };
        // A folder pushes an index as it is, even to a target that has one of its images.
        var isThere = there is not null && (local.Content is null ? here.Digests.Contains(there) : here.Id == there.ToString());
        if (isThere && !options.Force)
            return UpToDate(plan);
        var seen = move.Source == target ? null : await local.FindAsync(target, cancellation);
        var resolved = await GuardedAsync(
            move,
            plan with
            {
                SizeBytes = local.Content is { } folder ? await SizeAsync(folder, move.From, [], there, target, cancellation) : null,
            },
            there, seen, cancellation);
        return resolved.Refusal is not null || there is null || local.Content is not null || options.Force
            ? resolved : resolved with { Refusal = await LostPlatformsAsync(move, here, target.WithDigest(there), cancellation) };
    }

    private async Task<CraneException?> LostPlatformsAsync(
        CheckedMove move, LocalImage here, ImageName there, CancellationToken cancellation)
    {
        var index = await content.FindManifestAsync(there, cancellation);
        var platforms = index?.Manifests.Select(child => child.RunsOn).OfType<ImagePlatform>().Distinct().ToList() ?? [];
        return here.PlatformsLostBy(platforms) is { Count: > 0 } lost
            ? MoveErrors.WouldLosePlatforms(move, local!.Name, platforms, here.Platforms, lost).About(move.Plan) : null;
    }

    private async Task<ResolvedPlan> CopyAsync(CheckedMove move, CancellationToken cancellation)
    {
        var digest = await SourceAsync(move);
        var target = move.Target.WithoutDigest();
        var there = await registries.DigestAsync(target);
        var plan = move.Plan with { Digest = digest.ToString(), TargetDigest = KnownImage.Write(there?.ToString()) };
        if (!options.Force && !transfer.IncludeForeignLayers && await IsThereAsync(move, digest, there, cancellation))
            return UpToDate(plan);
        var size = await SizeAsync(content, move.From, transfer.PlatformsOf(move), there, target, cancellation);
        return await GuardedAsync(move, plan with { SizeBytes = size }, there, seen: null, cancellation);
    }

    /// <summary>Whether a target has what would arrive there: the source, or what is chosen of it.</summary>
    private async Task<bool> IsThereAsync(CheckedMove move, Digest source, Digest? there, CancellationToken cancellation)
    {
        var arriving = transfer.PlatformsOf(move) is { Count: > 0 } platforms
            ? (await FindAsync(content, move.From, platforms, cancellation))?.Descriptor.Digest : source;
        return there is not null && there == arriving;
    }

    private async Task<Digest> SourceAsync(CheckedMove move) => await registries.DigestAsync(move.Source) switch
    {
        { } digest when move.Digest is null || move.Digest == digest => digest,
        // The tag may have moved on since the plan was made, while the image is still there.
        _ when move.Digest is { } planned => await registries.HasAsync(move.From)
            ? planned : throw MoveErrors.SourceGone(move.Source, move.Source.Registry, planned),
        _ => throw NoSuchImage.InRegistry(move.Source, null, "Check the name and tag, and that the image was pushed."),
    };

    private async Task<ResolvedPlan> GuardedAsync(
        CheckedMove move, RetagPlan plan, Digest? there, LocalImage? seen, CancellationToken cancellation)
    {
        try
        {
            var target = move.Target.WithoutDigest();
            await OverwriteGuard.CheckAsync(
                move, options.OverwriteOf(plan), there, [.. seen?.SeenIn(target) ?? []],
                () => RemoteImageReader.IsSameAsync(content, target.WithDigest(there!), seen!, cancellation));
            return new ResolvedPlan(plan, null);
        }
        catch (CraneException refusal)
        {
            return new ResolvedPlan(plan, null) { Refusal = refusal.About(plan) };
        }
    }

    /// <summary>The bytes of a source that its target does not have under that name; those of other repositories may be mounted.</summary>
    private async Task<long> SizeAsync(
        IContentSource source, ImageName from, IReadOnlyList<ImagePlatform> platforms, Digest? there, ImageName target,
        CancellationToken cancellation)
    {
        var existing = there is null ? [] : await BlobsAsync(content, target.WithDigest(there), [], cancellation);
        var known = existing.Select(blob => blob.Digest).ToHashSet();
        var moved = (await BlobsAsync(source, from, platforms, cancellation)).Where(blob => !known.Contains(blob.Digest));
        return ByteSize.Sum(moved.Select(blob => blob.Size));
    }

    /// <summary>The blobs of an image, or of all images of an index and the indexes in it, each once.</summary>
    private async Task<IReadOnlyCollection<Descriptor>> BlobsAsync(
        IContentSource source, ImageName image, IReadOnlyList<ImagePlatform> platforms, CancellationToken cancellation)
    {
        var blobs = new Dictionary<Digest, Descriptor>();
        var seen = new HashSet<Digest>();
        var manifests = new Queue<Manifest>();
        if (await FindAsync(source, image, platforms, cancellation) is { } root)
            manifests.Enqueue(root);
        while (manifests.TryDequeue(out var manifest))
        {
            foreach (var blob in transfer.BlobsOf(manifest))
                blobs.TryAdd(blob.Digest, blob);
            foreach (var child in manifest.Manifests.Where(child => seen.Add(child.Digest)))
            {
                if (MediaTypes.IsBlob(child.MediaType))
                    blobs.TryAdd(child.Digest, child);
                else
                    manifests.Enqueue(await source.ReadManifestAsync(image, child, cancellation));
            }
        }

        return blobs.Values;
    }

    private static async Task<Manifest?> FindAsync(
        IContentSource source, ImageName image, IReadOnlyList<ImagePlatform> platforms, CancellationToken cancellation)
    {
        var root = await source.FindManifestAsync(image, cancellation);
        return root is null || platforms.Count == 0
            ? root : await PlatformChoice.ReadAsync(source, image, root, platforms, cancellation);
    }

    private static ResolvedPlan UpToDate(RetagPlan plan) => new(plan with { Status = RetagStatus.UpToDate, SizeBytes = 0 }, null);
}

/// <summary>A plan after its resolution.</summary>
/// <param name="Plan">The resolved plan; as it was if it could not be resolved.</param>
/// <param name="Error">Why it could not be resolved; null if it could.</param>
internal sealed record ResolvedPlan(RetagPlan Plan, CraneException? Error)
{
    /// <summary>Why a run would refuse it as it is now: somebody else has changed the target. Null if it would not.</summary>
    public CraneException? Refusal { get; init; }
}

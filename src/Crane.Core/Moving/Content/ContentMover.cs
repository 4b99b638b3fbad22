using Crane.Moving.Run;
using Crane.Oci;
using Crane.Planning;

namespace Crane.Moving.Content;

/// <summary>Moves images blob by blob: registry to folder, folder to registry, registry to registry. All its moves are one job.</summary>
/// <param name="stores">The stores, disposed with the mover.</param>
/// <param name="throttleLimit">The number of blobs that are moved from or to one location at the same time.</param>
/// <param name="retry">Retries reads of blobs.</param>
internal sealed class ContentMover(ContentStores stores, TransferOptions options, int throttleLimit, IRetryPolicy retry) : IMover
{
    // Limits are on blobs and on other requests, not on images, which may just be waiting for a blob of another one.
    private const int ImagesPerLocation = 8;
    private const int RequestsPerLocation = 4;

    private readonly ContentStores _stores =
        stores with { Registries = new LimitedStore(stores.Registries, new LocationLimits(throttleLimit * RequestsPerLocation)) };

    private readonly BlobLedger _ledger = new();
    private readonly LocationLimits _limits = new(throttleLimit);
    private readonly TransferTally _tally = new();
    private readonly HashSet<ImageName> _retagged = [];

    public string Name => _stores.Name;

    public int ImagesAtOnce(int throttleLimit) => throttleLimit * ImagesPerLocation;

    public Task<IReadOnlyList<IReadOnlySet<int>>> OrderAsync(
        IReadOnlyList<CheckedMove> moves, int throttleLimit, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<IReadOnlySet<int>>>(moves.Select(_ => new HashSet<int>()).ToList());

    public async Task<PlanEnd> MoveAsync(MoveContext run, CancellationToken cancellation)
    {
        var route = _stores.RouteOf(run.Move);
        // A missing image is not up to date, so its source is read at once.
        var there = await route.Target.CurrentAsync(route.To.WithoutDigest(), cancellation);
        var root = there is null ? await route.Source.FindManifestAsync(route.From, cancellation) : null;
        var source = there is null ? root?.Descriptor : await route.Source.ResolveAsync(route.From, cancellation);
        if (source is null)
            throw await _stores.NotFoundAsync(run.Move, cancellation);

        if (options.Platforms.Count > 0)
        {
            root ??= await route.Source.ReadManifestAsync(route.From, source, cancellation);
            root = await PlatformChoice.ReadAsync(route.Source, route.From, root, options.Platforms, cancellation);
        }
        var digest = root?.Descriptor.Digest ?? source.Digest;
        if (run.Move.Target.ContentDigest is { } promised && promised != digest)
            throw MoveErrors.DigestMismatch(run.Move.Target, digest);

        var isThere = there?.Digest == digest;
        var isUpToDate = !run.Force && !options.IncludeForeignLayers && isThere;
        if (isUpToDate)
            run.Step($"{route.To} is up to date with {route.From} ({digest})");
        if (isUpToDate && !options.IncludeReferrers)
            return new PlanEnd(RetagStatus.UpToDate, digest.ToString());

        root ??= await route.Source.ReadManifestAsync(route.From, source, cancellation);
        var transfer = new ImageTransfer(route, run, options, _ledger, _limits, _tally, retry) { IsThere = isThere };
        if (!isUpToDate)
        {
            if (!run.Force)
                await CheckLastNameAsync(route, root, cancellation);
            run.Step($"move {route.From} to {route.To}");
            await transfer.MoveAsync(root, route.To, cancellation);
        }

        if (options.IncludeReferrers)
            await new ReferrerTransfer(route, transfer).MoveAsync(root, cancellation);
        return new PlanEnd(isUpToDate ? RetagStatus.UpToDate : RetagStatus.Succeeded, digest.ToString());
    }

    public string? Summary() => $"{_tally}; {_stores.RequestCount()} requests";

    public ValueTask DisposeAsync() => _stores.DisposeAsync();

    private async Task CheckLastNameAsync(ContentRoute route, Manifest root, CancellationToken cancellation)
    {
        foreach (var image in await route.Target.LastNamedAsync(route.To.WithoutDigest(), Retagged(route.To.WithoutDigest()), cancellation))
        {
            if (image.Digest == root.Descriptor.Digest
                || await route.Source.ResolveAsync(route.From.WithDigest(image.Digest), cancellation) is not null)
                continue;
            var local = await _stores.Layout!.ReadManifestAsync(route.To, image, cancellation);
            // The same image may have been compressed or packed differently.
            if (local.Config is null || local.Config.Digest != root.Config?.Digest)
                throw MoveErrors.WouldLoseImage(
                    route.To, Name, (await ImageConfig.ReadAsync(_stores.Layout, route.To, local, cancellation)).Created, route.From);
        }
    }

    // All names that this run has moved to other images, including this one: the names of one image could each count on the others.
    private HashSet<ImageName> Retagged(ImageName name)
    {
        lock (_retagged)
        {
            _retagged.Add(name);
            return [.. _retagged];
        }
    }
}

/// <summary>Which parts of an image are moved.</summary>
internal sealed record TransferOptions
{
    /// <summary>The platforms to move; empty for all.</summary>
    public IReadOnlyList<ImagePlatform> Platforms { get; init; } = [];

    /// <summary>Whether referrers are moved: signatures, attestations, bills of material.</summary>
    public bool IncludeReferrers { get; init; }

    /// <summary>Whether layers are moved that their publisher serves. They may be missing, so no image is taken to be complete.</summary>
    public bool IncludeForeignLayers { get; init; }
}

/// <summary>Counts the blobs of all images.</summary>
internal sealed class TransferTally
{
    private int _written;
    private int _mounted;
    private int _existed;
    private long _bytes;

    public void Count(BlobWriteResult result, long size)
    {
        switch (result)
        {
            case BlobWriteResult.Written:
                Interlocked.Increment(ref _written);
                Interlocked.Add(ref _bytes, size);
                break;
            case BlobWriteResult.Mounted:
                Interlocked.Increment(ref _mounted);
                break;
            default:
                Interlocked.Increment(ref _existed);
                break;
        }
    }

    public override string ToString() =>
        $"{_written} blobs moved ({_bytes} bytes), {_mounted} mounted from another repository, {_existed} already there";
}

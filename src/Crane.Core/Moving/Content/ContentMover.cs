using Crane.Moving.Run;
using Crane.Oci;
using Crane.Planning;

namespace Crane.Moving.Content;

/// <summary>Moves images piece by piece: registry to folder, folder to registry, registry to registry. All moves of it are one job.</summary>
/// <param name="stores">The stores; disposed with the mover.</param>
/// <param name="options">What of an image is moved.</param>
/// <param name="throttleLimit">How many blobs move from or to one place at the same time.</param>
/// <param name="retry">How a blob that broke off is read on.</param>
internal sealed class ContentMover(ContentStores stores, TransferOptions options, int throttleLimit, IRetryPolicy retry) : IMover
{
    // An image that waits for a blob of another one takes up no room; what is limited is blobs on the move, and questions.
    private const int ImagesPerPlace = 8;
    private const int QuestionsPerPlace = 4;

    private readonly ContentStores _stores =
        stores with { Registries = new LimitedStore(stores.Registries, new HostLimits(throttleLimit * QuestionsPerPlace)) };

    private readonly BlobLedger _ledger = new();
    private readonly HostLimits _limits = new(throttleLimit);
    private readonly TransferTally _tally = new();
    private readonly HashSet<ImageName> _given = [];

    public string Name => _stores.Name;

    public int ImagesAtOnce(int throttleLimit) => throttleLimit * ImagesPerPlace;

    public Task<IReadOnlyList<IReadOnlySet<int>>> OrderAsync(
        IReadOnlyList<CheckedMove> moves, int throttleLimit, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<IReadOnlySet<int>>>(moves.Select(_ => new HashSet<int>()).ToList());

    public async Task<PlanEnd> MoveAsync(MoveContext run, CancellationToken cancellation)
    {
        var route = _stores.RouteOf(run.Move);
        // What is not there is not up to date, so its source is read at once.
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
            throw Mismatch.Of(run.Move.Target, digest);

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
        foreach (var image in await route.Target.LastNamedAsync(route.To.WithoutDigest(), Given(route.To.WithoutDigest()), cancellation))
        {
            if (image.Digest == root.Descriptor.Digest
                || await route.Source.ResolveAsync(route.From.WithDigest(image.Digest), cancellation) is not null)
                continue;
            var local = await _stores.Layout!.ReadManifestAsync(route.To, image, cancellation);
            // The same image may have been compressed or packed in another way.
            if (local.Config is null || local.Config.Digest != root.Config?.Digest)
                throw LastName.WouldBeLost(
                    route.To, Name, (await ImageConfig.ReadAsync(_stores.Layout, route.To, local, cancellation)).Created, route.From);
        }
    }

    // All names that this run gives away, that one among them: the names of one image could each count on the others.
    private HashSet<ImageName> Given(ImageName name)
    {
        lock (_given)
        {
            _given.Add(name);
            return [.. _given];
        }
    }
}

/// <summary>What of an image is moved.</summary>
internal sealed record TransferOptions
{
    /// <summary>The platforms that are wanted; empty for all that the source has.</summary>
    public IReadOnlyList<ImagePlatform> Platforms { get; init; } = [];

    /// <summary>Whether what refers to the image comes along: signatures, attestations, bills of material.</summary>
    public bool IncludeReferrers { get; init; }

    /// <summary>Whether layers come along that their publisher keeps. Then no image counts as being there: these may be missing.</summary>
    public bool IncludeForeignLayers { get; init; }
}

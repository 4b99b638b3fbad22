using Crane.Comparing;
using Crane.Moving.Run;
using Crane.Names;
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

    private readonly INames _names = new ContentNames(stores.Registries);
    private readonly INames? _folderNames = stores.Layout is { } folder ? new ContentNames(folder) : null;

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
        var image = await PrepareAsync(run, cancellation);
        if (image.Root is null)
            return image.End;
        var (route, root) = (image.Route, image.Root);
        if (image.IsDue)
        {
            run.Step($"move {route.From} to {route.To}");
            // A folder gets both names with one write.
            if (image.IsPull && route.To.TagOrDefault is not null)
            {
                await image.Transfer.StageAsync(root, cancellation);
                await NamesOf(RetagOperation.Pull).SetAsync([.. image.Names.Select(change => change.New)], cancellation);
            }
            else
            {
                await image.Transfer.MoveAsync(root, route.To, cancellation);
            }
        }

        await MoveReferrersAsync(image, cancellation);
        await TrackAsync(image, cancellation);
        return image.End;
    }

    public async Task<StagedImage> StageAsync(MoveContext run, CancellationToken cancellation)
    {
        var image = await PrepareAsync(run, cancellation);
        if (image.Root is null)
            return new StagedImage(image.End, []);
        if (image.IsDue)
        {
            run.Step($"move {image.Route.From} to {image.Route.To}");
            await image.Transfer.StageAsync(image.Root, cancellation);
        }

        await MoveReferrersAsync(image, cancellation);
        return new StagedImage(image.End, image.IsDue ? image.Names : [])
        {
            // A folder is no registry that a gate could ask.
            Image = (image.IsPull ? image.Route.From : image.Route.To).WithoutTag().WithoutDigest()
                .WithDigest(image.Root.Descriptor.Digest),
            Platforms = [.. image.Root.Manifests.Select(child => child.RunsOn).OfType<ImagePlatform>()],
            NamedAsync = token => TrackAsync(image, token),
        };
    }

    public INames NamesOf(RetagOperation operation) => operation == RetagOperation.Pull && _folderNames is not null ? _folderNames : _names;

    public string? Summary() => $"{_tally}; {_stores.RequestCount()} requests";

    public ValueTask DisposeAsync() => _stores.DisposeAsync();

    private async Task<Prepared> PrepareAsync(MoveContext run, CancellationToken cancellation)
    {
        var route = _stores.RouteOf(run.Move);
        if (run.IsRetry)
            _ledger.Forget(route.To);
        // A missing image is not up to date, so its source is read at once.
        var there = await route.Target.CurrentAsync(route.To.WithoutDigest(), cancellation);
        var root = there is null ? await route.Source.FindManifestAsync(route.From, cancellation) : null;
        var source = there is null ? root?.Descriptor : await route.Source.ResolveAsync(route.From, cancellation);
        if (source is null)
            throw run.Move.Digest is { } planned
                ? MoveErrors.SourceGone(run.Move.Source, route.Source.LocationOf(route.From), planned)
                : await _stores.NotFoundAsync(run.Move, cancellation);

        if (options.PlatformsOf(run.Move) is { Count: > 0 } platforms)
        {
            root ??= await route.Source.ReadManifestAsync(route.From, source, cancellation);
            root = await PlatformChoice.ReadAsync(route.Source, route.From, root, platforms, cancellation);
        }
        var digest = root?.Descriptor.Digest ?? source.Digest;
        if (run.Move.Target.ContentDigest is { } promised && promised != digest)
            throw MoveErrors.DigestMismatch(run.Move.Target, digest);

        var isThere = there?.Digest == digest;
        var isUpToDate = !run.Force && !options.IncludeForeignLayers && isThere;
        var image = new Prepared(route, new ImageTransfer(route, run, options, _ledger, _limits, _tally, retry) { IsThere = isThere })
        {
            IsDue = !isUpToDate,
            Digest = digest,
            Before = there?.Digest,
            IsPull = run.Move.Plan.Operation == RetagOperation.Pull,
            LastSeen = route.Tracked is { } tracked ? (await _stores.Layout!.CurrentAsync(tracked, cancellation))?.Digest : null,
        };
        if (isUpToDate)
        {
            run.Step($"{route.To} is up to date with {route.From} ({digest})");
            if (image.LastSeen != digest)
                await TrackAsync(image, cancellation);
            if (!options.IncludeReferrers)
                return image;
        }

        root ??= await route.Source.ReadManifestAsync(route.From, source, cancellation);
        if (!isUpToDate)
            await CheckTargetAsync(run, image, root, cancellation);
        return image with { Root = root };
    }

    private async Task CheckTargetAsync(MoveContext run, Prepared image, Manifest root, CancellationToken cancellation)
    {
        var route = image.Route;
        if (run.Move.Plan.Operation == RetagOperation.Pull)
        {
            if (run.Force)
                return;
            if (run.Move.Expected is { } expected && !expected.Is(image.Before))
                throw MoveErrors.TargetMoved(route.To, expected.ToString(), image.Before?.ToString(), "the plan");
            await CheckLastNameAsync(route, root, cancellation);
        }
        else
        {
            IReadOnlyList<Digest> seen = image.LastSeen is { } last ? [last] : [];
            await OverwriteGuard.CheckAsync(
                run.Move, run.Overwrite, image.Before, seen,
                async () => await new LayoutImages(_stores.Layout!).FindAsync(route.Tracked!, cancellation) is { } local
                    && await RemoteImageReader.IsSameAsync(_stores.Registries, route.To.WithDigest(image.Before!), local, cancellation));
        }
    }

    private async Task MoveReferrersAsync(Prepared image, CancellationToken cancellation)
    {
        if (options.IncludeReferrers)
            await new ReferrerTransfer(image.Route, image.Transfer).MoveAsync(image.Root!, cancellation);
    }

    // The folder has the image: it was pushed from there.
    private async Task TrackAsync(Prepared image, CancellationToken cancellation)
    {
        if (!image.IsPull && image.Route.Tracked is { } tracked)
            await _stores.Layout!.SetNamesAsync([(tracked, image.Digest)], cancellation);
    }

    private async Task CheckLastNameAsync(ContentRoute route, Manifest root, CancellationToken cancellation)
    {
        foreach (var image in await route.Target.LastNamedAsync(route.To.WithoutDigest(), Retagged(route), cancellation))
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
    private HashSet<ImageName> Retagged(ContentRoute route)
    {
        lock (_retagged)
        {
            _retagged.Add(route.To.WithoutDigest());
            if (route.Tracked is { } tracked)
                _retagged.Add(tracked);
            return [.. _retagged];
        }
    }

    /// <summary>A move that was checked.</summary>
    private sealed record Prepared(ContentRoute Route, ImageTransfer Transfer)
    {
        /// <summary>Whether the target has another image, or none.</summary>
        public bool IsDue { get; init; }

        public required Digest Digest { get; init; }

        /// <summary>What the target has; null for nothing.</summary>
        public Digest? Before { get; init; }

        /// <summary>The manifest of the source; null if there is nothing to do.</summary>
        public Manifest? Root { get; init; }

        public bool IsPull { get; init; }

        /// <summary>What the folder has under the remote name; null for nothing.</summary>
        public Digest? LastSeen { get; init; }

        public PlanEnd End => !IsDue ? new(RetagStatus.UpToDate, Digest.ToString()) : new(RetagStatus.Succeeded, Digest.ToString())
        {
            ImageSizeBytes = Transfer.SizeBytes,
            PreviousDigest = KnownImage.Write((IsPull && Route.Tracked is not null ? LastSeen : Before)?.ToString()),
            PreviousId = IsPull ? KnownImage.Write(Before?.ToString())
                : Route.Tracked is null ? null
                : KnownImage.Write(LastSeen?.ToString()),
        };

        /// <summary>The target's name, and for a pull the remote name in the folder.</summary>
        public IReadOnlyList<NameChange> Names => Route.To.TagOrDefault is null ? [] : [
            new(Route.To.WithoutDigest(), Before?.ToString(), Digest.ToString()),
            .. Route.Tracked is { } tracked && IsPull
                ? (NameChange[])[new(tracked, LastSeen?.ToString(), Digest.ToString())] : []];
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

    /// <summary>The platforms of a move; empty for all.</summary>
    public IReadOnlyList<ImagePlatform> PlatformsOf(CheckedMove move) =>
        Platforms is [] && move.Platform is { } only ? [only] : Platforms;

    /// <summary>The blobs of a manifest that are moved.</summary>
    public IEnumerable<Descriptor> BlobsOf(Manifest manifest) => IncludeForeignLayers ? manifest.AllBlobs : manifest.Blobs;
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

using Crane.Moving.Run;
using Crane.Oci;

namespace Crane.Moving.Content;

/// <summary>Moves one image: blobs first, the tag last, so that every tag in the target is complete at any time.</summary>
internal sealed class ImageTransfer(
    ContentRoute route, MoveContext run, TransferOptions options, BlobLedger ledger, LocationLimits limits, TransferTally tally,
    IRetryPolicy retry)
{
    // How many blobs an image waits for at the same time; the limits of locations say how many of them are moved.
    private const int Breadth = 64;

    // Sending this much costs less than a request to look for it.
    private const int SmallConfig = 64 * 1024;

    /// <summary>Whether the target has the image, complete or not.</summary>
    public bool IsThere { get; init; }

    /// <summary>
    /// Bytes of the image, of an index those of the image for this machine; null until its content was moved, and if the target had it.
    /// </summary>
    public long? SizeBytes { get; private set; }

    /// <summary>Moves a complete image and tags it.</summary>
    public async Task MoveAsync(Manifest root, ImageName target, CancellationToken cancellation)
    {
        await EnsureRootAsync(root, cancellation);
        if (target.TagOrDefault is null)
            await route.Target.WriteManifestAsync(target, root, cancellation);
        else
            await route.Target.WriteTagAsync(target.WithoutDigest(), root, cancellation);
    }

    /// <summary>Moves a complete image without a name.</summary>
    public async Task StageAsync(Manifest root, CancellationToken cancellation)
    {
        await EnsureRootAsync(root, cancellation);
        await route.Target.WriteManifestAsync(route.To, root, cancellation);
    }

    /// <summary>Moves a manifest with everything that it needs, without a tag.</summary>
    public async Task EnsureAsync(Descriptor descriptor, CancellationToken cancellation)
    {
        if (!options.IncludeForeignLayers && await route.Target.HasManifestAsync(route.To, descriptor, cancellation))
            return;
        var manifest = await route.Source.ReadManifestAsync(route.From, descriptor, cancellation);
        await EnsureContentAsync(manifest, cancellation);
        await route.Target.WriteManifestAsync(route.To, manifest, cancellation);
        if (descriptor.RunsOn is { } platform && ImagePlatform.OfThisMachine.Accepts(platform))
            SizeBytes = manifest.ContentSize;
    }

    /// <summary>Moves a referrer. Even an existing one is written, as an interrupted move may not have listed it.</summary>
    public async Task EnsureReferrerAsync(Descriptor descriptor, CancellationToken cancellation)
    {
        var manifest = await route.Source.ReadManifestAsync(route.From, descriptor, cancellation);
        if (!await route.Target.HasManifestAsync(route.To, descriptor, cancellation))
            await EnsureContentAsync(manifest, cancellation);
        await route.Target.WriteManifestAsync(route.To, manifest, cancellation);
    }

    private async Task EnsureRootAsync(Manifest root, CancellationToken cancellation)
    {
        await EnsureContentAsync(root, cancellation);
        if (!root.IsIndex)
            SizeBytes = root.ContentSize;
    }

    private Task EnsureContentAsync(Manifest manifest, CancellationToken cancellation) => Parallel.ForEachAsync(
        manifest.IsIndex ? manifest.Manifests : options.BlobsOf(manifest),
        new ParallelOptions { MaxDegreeOfParallelism = Breadth, CancellationToken = cancellation },
        async (content, token) =>
        {
            if (manifest.IsIndex && !MediaTypes.IsBlob(content.MediaType))
                await EnsureAsync(content, token);
            else
                await EnsureBlobAsync(content, isNew: !IsThere && content == manifest.Config && content.Size <= SmallConfig, token);
        });

    // The configuration of a new image is nearly always new, so it is not looked for first.
    private async Task EnsureBlobAsync(Descriptor blob, bool isNew, CancellationToken cancellation)
    {
        var result = await ledger.EnsureAsync(
            route.Source.LocationOf(route.From), route.Target.LocationOf(route.To), route.To, blob.Digest,
            holder => FetchAsync(blob, isNew, holder, cancellation), cancellation);
        tally.Count(result, blob.Size);
    }

    private async Task<BlobWriteResult> FetchAsync(Descriptor blob, bool isNew, ImageName? holder, CancellationToken cancellation)
    {
        var mountFrom = holder ?? route.MountSource;
        if (mountFrom is null && !isNew && await route.Target.HasBlobAsync(route.To, blob, cancellation))
            return BlobWriteResult.Existed;
        var mount = mountFrom is null ? null : await route.Target.MountBlobAsync(route.To, blob, mountFrom, cancellation);
        var result = mount?.Result ?? await limits.RunAsync(
            route.Source.LocationOf(route.From), route.Target.LocationOf(route.To),
            () => WriteAsync(blob, mount?.Upload, cancellation), cancellation);
        run.Step(result switch
        {
            BlobWriteResult.Written => $"{blob.ShortId}: {blob.Size} bytes moved",
            BlobWriteResult.Mounted => $"{blob.ShortId}: mounted from {mountFrom?.Repository}",
            _ => $"{blob.ShortId}: already exists",
        });
        return result;
    }

    private async Task<BlobWriteResult> WriteAsync(Descriptor blob, string? upload, CancellationToken cancellation)
    {
        var origin = route.Source.WithoutMirrors(route.From);
        try
        {
            return await WriteAsync(route.Source, blob, upload, cancellation);
        }
        catch (CraneException error) when (error.Id == CraneErrorId.DigestMismatch && origin != route.Source)
        {
            run.Step($"{blob.ShortId}: retrying without mirrors: {error.Message}");
            return await WriteAsync(origin, blob, upload: null, cancellation);
        }
    }

    private async Task<BlobWriteResult> WriteAsync(IContentSource source, Descriptor blob, string? upload, CancellationToken cancellation)
    {
        using var reading = new BlobReading(
            source, route.From, blob, retry,
            position => run.Meter.Report(new TransferProgress(blob.ShortId, "Moving", IsTransfer: true, position, blob.Size)), run.Step);
        return await route.Target.WriteBlobAsync(route.To, new BlobWrite(blob, reading.OpenAsync) { Upload = upload }, cancellation);
    }
}

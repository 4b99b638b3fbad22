using Crane.Moving.Run;
using Crane.Oci;

namespace Crane.Moving.Content;

/// <summary>
/// Moves what one image is made of: blobs first, then the manifests that need them, the tag last. Whenever it stops, what
/// the target shows under a tag is complete.
/// </summary>
internal sealed class ImageTransfer(
    ContentRoute route, MoveContext run, TransferOptions options, BlobLedger ledger, HostLimits limits, TransferTally tally, IRetryPolicy retry)
{
    // What an image waits for at the same time; how much of it is under way, the limits of hosts say.
    private const int Breadth = 64;

    /// <summary>Moves a whole image and gives it the route's name.</summary>
    public async Task MoveAsync(Manifest root, ImageName target, CancellationToken cancellation)
    {
        await BringContentAsync(root, cancellation);
        if (target.TagOrDefault is null)
            await route.Target.WriteManifestAsync(target, root, cancellation);
        else
            await route.Target.WriteTagAsync(target.WithoutDigest(), root, cancellation);
    }

    /// <summary>Moves a manifest with everything that it needs; it has no tag then.</summary>
    public async Task BringAsync(Descriptor descriptor, CancellationToken cancellation)
    {
        if (!options.IncludeForeignLayers && await route.Target.HasManifestAsync(route.To, descriptor, cancellation))
            return;
        var manifest = await route.Source.ReadManifestAsync(route.From, descriptor, cancellation);
        await BringContentAsync(manifest, cancellation);
        await route.Target.WriteManifestAsync(route.To, manifest, cancellation);
    }

    /// <summary>
    /// Moves a manifest that refers to another one. It is written even where it is: a registry may list it in a second
    /// step, and that may be what is missing since a move that broke off.
    /// </summary>
    public async Task BringReferrerAsync(Descriptor descriptor, CancellationToken cancellation)
    {
        var manifest = await route.Source.ReadManifestAsync(route.From, descriptor, cancellation);
        if (!await route.Target.HasManifestAsync(route.To, descriptor, cancellation))
            await BringContentAsync(manifest, cancellation);
        await route.Target.WriteManifestAsync(route.To, manifest, cancellation);
    }

    private Task BringContentAsync(Manifest manifest, CancellationToken cancellation) => Parallel.ForEachAsync(
        manifest.IsIndex ? manifest.Manifests : options.IncludeForeignLayers ? manifest.AllBlobs : manifest.Blobs,
        new ParallelOptions { MaxDegreeOfParallelism = Breadth, CancellationToken = cancellation },
        async (content, token) =>
        {
            if (manifest.IsIndex && !MediaTypes.IsBlob(content.MediaType))
                await BringAsync(content, token);
            else
                await BringBlobAsync(content, token);
        });

    private async Task BringBlobAsync(Descriptor blob, CancellationToken cancellation)
    {
        var arrival = await ledger.BringAsync(
            route.Source.PlaceOf(route.From),
            route.Target.PlaceOf(route.To),
            route.To,
            blob.Digest,
            holder => FetchAsync(blob, holder, cancellation),
            cancellation);
        tally.Count(arrival, blob.Size);
    }

    private async Task<BlobArrival> FetchAsync(Descriptor blob, ImageName? holder, CancellationToken cancellation)
    {
        // One that another repository has got in this run is taken from there without a question.
        if (holder is null && await route.Target.HasBlobAsync(route.To, blob, cancellation))
            return BlobArrival.Existed;
        var arrival = await limits.RunAsync(
            route.Source.PlaceOf(route.From),
            route.Target.PlaceOf(route.To),
            () => WriteAsync(blob, holder ?? route.Neighbour, cancellation),
            cancellation);
        run.Step(arrival switch
        {
            BlobArrival.Written => $"{blob.ShortId}: {blob.Size} bytes moved",
            BlobArrival.Mounted => $"{blob.ShortId}: mounted from {(holder ?? route.Neighbour)?.Repository}",
            _ => $"{blob.ShortId}: already there",
        });
        return arrival;
    }

    private async Task<BlobArrival> WriteAsync(Descriptor blob, ImageName? mountFrom, CancellationToken cancellation)
    {
        var itself = route.Source.Itself(route.From);
        try
        {
            return await WriteAsync(route.Source, blob, mountFrom, cancellation);
        }
        catch (CraneException fault) when (fault.Id == CraneErrorId.DigestMismatch && itself != route.Source)
        {
            run.Step($"{blob.ShortId}: once more, past the mirrors: {fault.Message}");
            return await WriteAsync(itself, blob, mountFrom, cancellation);
        }
    }

    private async Task<BlobArrival> WriteAsync(
        IContentSource source, Descriptor blob, ImageName? mountFrom, CancellationToken cancellation)
    {
        using var reading = new BlobReading(
            source,
            route.From,
            blob,
            retry,
            position => run.Meter.Report(new TransferProgress(blob.ShortId, "Moving", IsTransfer: true, position, blob.Size)),
            run.Step);
        return await route.Target.WriteBlobAsync(
            route.To, new BlobWrite(blob, reading.OpenAsync) { MountFrom = mountFrom }, cancellation);
    }
}

using Crane.Moving.Run;
using Crane.Names;
using Crane.Oci;

namespace Crane.Moving.Engine;

/// <summary>
/// Compares what a push through an engine would send with what is promised and with what is there, before anything is sent:
/// of an image for several platforms an engine may have one only, and then pushes that one.
/// </summary>
internal sealed class PushCheck(MoveRun run, IImageStore store, LocalImage local)
{
    private const string CopyAll = "Copy-CraneImage moves an image from registry to registry as it is, with all of its platforms";

    /// <param name="there">What the target is now.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="CraneException">
    /// DigestMismatch where the target's digest would not be kept; WouldLoseImage where the target would lose platforms.
    /// </exception>
    public async Task CheckAsync(RemoteImage there, CancellationToken cancellation)
    {
        var origins = local.PushDigest is null ? await OriginsAsync(cancellation) : [];
        if (run.Move.Target.ContentDigest is { } wanted && !MaySend(wanted, origins))
            throw new CraneException(
                CraneErrorId.DigestMismatch,
                $"{store.Name} would not push '{run.Move.Source}' as {wanted}, which '{run.Move.Target.WithoutDigest()}' is to be"
                + (local.PushDigest is { } digest ? $": it would push {digest}." : "."),
                $"{CopyAll} and its digest. Or leave the digest out.");

        var lost = Missing(there.Platforms);
        if (there.Platforms.Count > Math.Max(1, local.Platforms.Count) && lost.Count > 0)
            throw new CraneException(
                CraneErrorId.WouldLoseImage,
                $"'{run.Move.Target}' is for {Text(there.Platforms)}, '{run.Move.Source}' in {store.Name} for {Text(local.Platforms)}:"
                + $" the push would take {Text(lost)} away there.",
                $"{CopyAll}. Use -Force to give the other platforms up.");

        var left = local.AbsentPlatforms.Concat(Missing(origins.SelectMany(origin => origin.Platforms))).Distinct().ToList();
        if (left.Count > 0)
            run.Warn($"'{run.Move.Source}' is pushed for {Text(local.Platforms)} only: {store.Name} does not have it for {Text(left)}. {CopyAll}.");
    }

    // A store that makes manifests when it pushes makes those of Docker's schema 2, of the one image that it has.
    private bool MaySend(Digest wanted, IReadOnlyList<RemoteImage> origins) => local.PushDigest is { } digest
        ? digest == wanted
        : local.Digests.Contains(wanted)
            && origins.FirstOrDefault(origin => origin.Digest == wanted)?.MediaType is null or MediaTypes.DockerManifest;

    private List<ImagePlatform> Missing(IEnumerable<ImagePlatform> platforms) =>
        platforms.Where(platform => !local.Platforms.Contains(platform)).Distinct().ToList();

    /// <summary>What the registries that the image comes from have it as, as far as they can be asked.</summary>
    private async Task<IReadOnlyList<RemoteImage>> OriginsAsync(CancellationToken cancellation)
    {
        var origins = new List<RemoteImage>();
        foreach (var origin in local.Origins.DistinctBy(origin => origin.ContentDigest))
        {
            try
            {
                origins.Add(await store.ResolveAsync(origin, cancellation));
            }
            catch (CraneException unknown)
            {
                run.Step($"which platforms '{origin}' has is not known: {unknown.Message}");
            }
        }

        return origins;
    }

    private static string Text(IEnumerable<ImagePlatform> platforms) => string.Join(", ", platforms);
}

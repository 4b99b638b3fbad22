using Crane.Names;
using Crane.Oci;

namespace Crane.Moving.Content;

/// <summary>
/// Moves the referrers of an image: manifests with it as their subject, after the OCI distribution specification 1.1, and those with the
/// tags that cosign derives from its digest.
/// </summary>
internal sealed class ReferrerTransfer(ContentRoute route, ImageTransfer images)
{
    // More than any chain of signatures needs, but finite.
    private const int MostInAll = 4_000;
    private const int Deepest = 10;

    private static readonly string[] CosignSuffixes = [".sig", ".att", ".sbom"];

    /// <summary>Moves the referrers of an image and of the images in its index, and the referrers of these.</summary>
    /// <exception cref="CraneException">PullFailed if there are too many, and what moving throws.</exception>
    public async Task MoveAsync(Manifest root, CancellationToken cancellation)
    {
        var seen = new HashSet<Digest>();
        var moved = 0;
        var subjects = new Queue<(Digest Digest, int Depth)>(
            root.Manifests.Select(child => child.Digest).Prepend(root.Descriptor.Digest).Select(digest => (digest, 0)));
        while (subjects.TryDequeue(out var next))
        {
            var (subject, depth) = next;
            if (!seen.Add(subject))
                continue;
            var referrers = await route.Source.ReferrersAsync(route.From, subject, cancellation);
            moved += referrers.Count;
            if (referrers.Count > 0 && depth == Deepest)
                throw TooMany($"they refer to each other more than {Deepest} deep");
            if (moved > MostInAll)
                throw TooMany($"there are more than {MostInAll}");
            foreach (var referrer in referrers)
            {
                await images.EnsureReferrerAsync(referrer, cancellation);
                subjects.Enqueue((referrer.Digest, depth + 1));
            }

            foreach (var suffix in CosignSuffixes)
                await MoveTagAsync($"{subject.Algorithm}-{subject.Hex}{suffix}", cancellation);
        }
    }

    private CraneException TooMany(string why) => new(
        CraneErrorId.PullFailed, $"The referrers of '{route.From}' were not all moved: {why}.",
        "The image itself has been moved. Check its referrers at the source, or omit -IncludeReferrers.");

    private async Task MoveTagAsync(string tag, CancellationToken cancellation)
    {
        if (await route.Source.ResolveAsync(route.From.WithoutDigest().WithTag(tag), cancellation) is not { } found)
            return;
        var target = route.To.WithoutDigest().WithTag(tag);
        if ((await route.Target.CurrentAsync(target, cancellation))?.Digest != found.Digest)
            await images.MoveAsync(await route.Source.ReadManifestAsync(route.From, found, cancellation), target, cancellation);
    }
}

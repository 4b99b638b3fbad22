using Crane.Names;
using Crane.Oci;

namespace Crane.Moving.Content;

/// <summary>
/// Moves what refers to an image: manifests that name it as their subject, after the OCI distribution specification 1.1,
/// and those under the tags that cosign derives from its digest.
/// </summary>
internal sealed class ReferrerTransfer(ContentRoute route, ImageTransfer images)
{
    // Far more than signatures of signatures need, and an end to what has none.
    private const int MostInAll = 4_000;
    private const int Deepest = 10;

    private static readonly string[] CosignSuffixes = [".sig", ".att", ".sbom"];

    /// <summary>Moves the referrers of an image, of the images in its index, and those of these referrers.</summary>
    /// <exception cref="CraneException">PullFailed for more of them than are moved, and what moving throws.</exception>
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
        CraneErrorId.PullFailed, $"What refers to '{route.From}' was not moved completely: {why}, the most that are moved.",
        "The image itself has been moved. See what refers to it at its source, or leave out -IncludeReferrers.");

    private async Task MoveTagAsync(string tag, CancellationToken cancellation)
    {
        if (await route.Source.ResolveAsync(route.From.WithoutDigest().WithTag(tag), cancellation) is not { } found)
            return;
        var target = route.To.WithoutDigest().WithTag(tag);
        if ((await route.Target.CurrentAsync(target, cancellation))?.Digest != found.Digest)
            await images.MoveAsync(await route.Source.ReadManifestAsync(route.From, found, cancellation), target, cancellation);
    }
}

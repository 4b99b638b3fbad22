using Crane.Content;

namespace Crane.Transfer;

/// <summary>
/// Moves what refers to an image: manifests that name it as their subject, after the OCI distribution specification 1.1,
/// and those under the tags that cosign derives from its digest.
/// </summary>
internal sealed class ReferrerTransfer(ContentRoute route, ImageTransfer images)
{
    private static readonly string[] CosignSuffixes = [".sig", ".att", ".sbom"];

    /// <summary>Moves the referrers of an image, of the images in its index, and those of these referrers.</summary>
    public async Task MoveAsync(Manifest root, CancellationToken cancellation)
    {
        var seen = new HashSet<Digest>();
        var subjects = new Queue<Digest>(root.Manifests.Select(child => child.Digest).Prepend(root.Descriptor.Digest));
        while (subjects.TryDequeue(out var subject))
        {
            if (!seen.Add(subject))
                continue;
            foreach (var referrer in await route.Source.ReferrersAsync(route.From, subject, cancellation))
            {
                await images.BringReferrerAsync(referrer, cancellation);
                subjects.Enqueue(referrer.Digest);
            }

            foreach (var suffix in CosignSuffixes)
                await MoveTagAsync($"{subject.Algorithm}-{subject.Hex}{suffix}", cancellation);
        }
    }

    private async Task MoveTagAsync(string tag, CancellationToken cancellation)
    {
        if (await route.Source.ResolveAsync(route.From.WithoutDigest().WithTag(tag), cancellation) is not { } found)
            return;
        var target = route.To.WithoutDigest().WithTag(tag);
        if ((await route.Target.ResolveAsync(target, cancellation))?.Digest != found.Digest)
            await images.MoveAsync(await route.Source.ReadManifestAsync(route.From, found, cancellation), target, cancellation);
    }
}

using Crane.Names;

namespace Crane.Moving.Run;

/// <summary>The error for content that is not what its name promises.</summary>
internal static class Mismatch
{
    public static CraneException Of(ImageName wanted, Digest found) => new(
        CraneErrorId.DigestMismatch,
        $"{wanted.WithoutDigest()} has the digest {found}, not {wanted.Digest} as its name says.",
        "Write the digest that is meant into the image's name, or move the right image first.");
}

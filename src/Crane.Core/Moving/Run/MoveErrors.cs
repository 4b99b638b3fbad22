using System.Globalization;
using Crane.Names;

namespace Crane.Moving.Run;

/// <summary>The errors of moves.</summary>
internal static class MoveErrors
{
    /// <summary>Replacing the last name of an image that exists nowhere else would lose it: the next prune would remove it.</summary>
    public static CraneException WouldLoseImage(ImageName name, string store, DateTimeOffset? created, ImageName source) => new(
        CraneErrorId.WouldLoseImage, $"'{name}' in {store}, {Age(created)}, has no other name, and no registry is known to have it:"
        + $" giving its name to '{source}' from {source.Registry} would lose it.",
        "Push it, tag it, or use -Force to give it up.");

    /// <summary>The content has another digest than its name.</summary>
    public static CraneException DigestMismatch(ImageName image, Digest actual) => new(
        CraneErrorId.DigestMismatch, $"{image.WithoutDigest()} has the digest {actual}, not {image.Digest} as its name says.",
        "Correct the digest in the image's name, or move the right image first.");

    // Tools for reproducible builds set this to a fixed time, long ago.
    private static string Age(DateTimeOffset? created)
    {
        if (created is not { } built || built <= DateTimeOffset.UnixEpoch)
            return "whose age is not known";
        var (count, unit) = (DateTimeOffset.UtcNow - built) switch
        {
            { TotalDays: >= 2 } age => ((long)age.TotalDays, "days"),
            { TotalHours: >= 2 } age => ((long)age.TotalHours, "hours"),
            { TotalMinutes: >= 2 } age => ((long)age.TotalMinutes, "minutes"),
            var age => (Math.Max(0, (long)age.TotalSeconds), "seconds"),
        };
        return string.Create(CultureInfo.InvariantCulture, $"built {built.UtcDateTime:yyyy-MM-dd HH:mm} UTC, {count} {unit} ago");
    }
}

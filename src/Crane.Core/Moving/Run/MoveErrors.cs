using System.Globalization;
using Crane.Names;
using Crane.Oci;
using Crane.Planning;

namespace Crane.Moving.Run;

/// <summary>The errors of moves.</summary>
internal static class MoveErrors
{
    public const string CopyAll = "Copy-CraneImage moves an image from registry to registry as it is, with all of its platforms";

    /// <summary>Replacing the last name of an image that exists nowhere else would lose it: the next prune would remove it.</summary>
    public static CraneException WouldLoseImage(ImageName name, string store, DateTimeOffset? created, ImageName source) =>
        WouldLoseImage(name, store, created, $"to '{source}' from {source.Registry}");

    /// <inheritdoc cref="WouldLoseImage(ImageName, string, DateTimeOffset?, ImageName)"/>
    /// <param name="to">What its name would be given to, after <c>to</c>.</param>
    public static CraneException WouldLoseImage(ImageName name, string store, DateTimeOffset? created, string to) => new(
        CraneErrorId.WouldLoseImage, $"'{name}' in {store}, {Age(created)}, has no other name, and no registry is known to have it:"
        + $" giving its name {to} would lose it.",
        "Push it, tag it, or use -Force to give it up.");

    /// <summary>A push through an engine that has fewer platforms than the target.</summary>
    public static CraneException WouldLosePlatforms(
        CheckedMove move, string store, IReadOnlyList<ImagePlatform> there, IReadOnlyList<ImagePlatform> here,
        IReadOnlyList<ImagePlatform> lost) => new(
        CraneErrorId.WouldLoseImage,
        $"'{move.Target}' has {string.Join(", ", there)}, '{move.Source}' in {store} has {string.Join(", ", here)}:"
        + $" the push would remove {string.Join(", ", lost)} from the registry.",
        $"{CopyAll}. Use -Force to drop the other platforms.");

    /// <summary>The content has another digest than its name.</summary>
    public static CraneException DigestMismatch(ImageName image, Digest actual) => new(
        CraneErrorId.DigestMismatch, $"{image.WithoutDigest()} has the digest {actual}, not {image.Digest} as its name says.",
        "Correct the digest in the image's name, or move the right image first.");

    /// <summary>The image of a plan's digest is not in its source.</summary>
    public static CraneException SourceGone(ImageName source, string where, Digest digest, string? now = null) => new(
        CraneErrorId.DigestMismatch,
        $"'{source}' in {where} {(now is null ? "no longer has" : $"is now {now}, not")} {digest}, which the plan was made for.",
        "Make the plan again, review it and run that.");

    /// <summary>The target has changed since it was last seen.</summary>
    /// <param name="known">What it was.</param>
    /// <param name="now">What it is; null if it does not exist.</param>
    /// <param name="source">Who says what it was, as in <c>the plan</c>.</param>
    public static CraneException TargetMoved(ImageName target, string known, string? now, string source) => new(
        CraneErrorId.TargetMoved,
        $"'{target}' is now {now ?? "gone"}; {source} says {known}. Somebody else has changed it since, so it is not replaced.",
        "Look at it with Get-CraneStatus or Get-CraneImage. Then pull it, make the plan again or, with -Locked, run Update-CraneLock; "
        + "or use -Overwrite Always to replace it.");

    /// <summary>The target exists, and must not be replaced.</summary>
    public static CraneException TargetExists(ImageName target, string now) => new(
        CraneErrorId.TargetExists, $"'{target}' exists: it is {now}. It is never replaced.",
        "Push under another tag, or change overwrite in the crane file, or use -Overwrite Always.");

    /// <summary>A name has changed with others that have not, and cannot be put back.</summary>
    public static CraneException NotPutBack(NameChange change, CraneException error) => new(
        error.Id, $"'{change.Name}' could not be put back to {change.Before ?? "nothing"}: {error.Message}", error.RecommendedAction,
        error);

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

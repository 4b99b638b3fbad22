using System.Globalization;

namespace Crane.Moving.Run;

/// <summary>
/// The rule that keeps work from being lost: a pull does not take the last name of an image that is nowhere else. Without a
/// name, an image is removed by whatever tidies up next.
/// </summary>
internal static class LastName
{
    /// <summary>The error for a pull that would do so.</summary>
    /// <param name="name">The image's last name.</param>
    /// <param name="store">Where it is.</param>
    /// <param name="created">When it was built; null where that is not known.</param>
    /// <param name="source">Where the other image of that name comes from.</param>
    public static CraneException WouldBeLost(ImageName name, string store, DateTimeOffset? created, ImageName source) => new(
        CraneErrorId.WouldLoseImage,
        $"'{name}' in {store}, {Age(created)}, has no other name, and no registry is known to have it:"
        + $" giving its name to what {source.Registry} has as '{source}' would lose it.",
        "Push it, tag it, or use -Force to give it up.");

    // Tools that want equal builds to be equal images give all of them the same time, long ago.
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

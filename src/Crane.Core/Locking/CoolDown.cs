using System.Globalization;
using Crane.Names;

namespace Crane.Locking;

/// <summary>
/// Decides whether the digest that a tag has now becomes the locked one. A new digest waits until it was seen for a minimum age, so that
/// others find out first what is wrong with it. See docs/decisions/lock-file.md.
/// </summary>
internal static class CoolDown
{
    /// <param name="known">The entry in the lock; null for none.</param>
    /// <param name="found">The digest that the tag has now.</param>
    /// <param name="now">The time, by this machine's clock.</param>
    public static LockDecision Decide(LockedImage? known, ImageName reference, Digest found, DateTimeOffset now, TimeSpan minimumAge)
    {
        var seen = new SeenDigest(found, WholeSeconds(now));
        // There is nothing older of that tag to stay with.
        if (known is null)
            return new LockDecision(new LockedImage(reference, seen), LockStatus.Added, seen, "");
        if (!known.IsOf(reference))
            return new LockDecision(new LockedImage(reference, seen), LockStatus.Changed, seen, $"the lock had {known.Reference}");
        if (found == known.Current.Digest)
            return new LockDecision(known with { Held = null }, LockStatus.Unchanged, known.Current,
                known.Held is null ? "" : $"the tag no longer has {known.Held.Digest}, which was held");

        // Only what the tag still has is released: what was replaced may have been replaced for a reason. A time in the future was written
        // by a wrong clock: it counts as now, so the digest waits no longer than the minimum age, and no shorter.
        if (known.Held?.Digest == found && known.Held.Seen <= now)
            seen = known.Held;
        return now - seen.Seen >= minimumAge
            ? new LockDecision(new LockedImage(reference, seen), LockStatus.Changed, seen, "")
            : new LockDecision(known with { Held = seen }, LockStatus.Held, seen, Until(seen.Seen, minimumAge));
    }

    private static DateTimeOffset WholeSeconds(DateTimeOffset time) => DateTimeOffset.FromUnixTimeSeconds(time.ToUnixTimeSeconds());

    private static string Until(DateTimeOffset seen, TimeSpan minimumAge) => minimumAge > DateTimeOffset.MaxValue - seen
        ? "held for ever"
        : string.Create(CultureInfo.InvariantCulture, $"held until {seen + minimumAge:yyyy-MM-dd HH:mm} UTC");
}

/// <summary>The new entry of an image, and what that means for the lock.</summary>
/// <param name="Found">The digest that the tag has now.</param>
internal sealed record LockDecision(LockedImage Entry, LockStatus Status, SeenDigest Found, string Reason);

using System.Globalization;

namespace Crane.CraneFile.Model;

/// <summary>Reads ages: <c>30m</c>, <c>12h</c>, <c>3d</c>, <c>1w</c>, or as .NET writes them, <c>3.00:00</c>.</summary>
internal static class AgeText
{
    /// <summary>What an age looks like, for messages.</summary>
    public const string Expected = "an age such as 30m, 12h, 3d, 1w or 3.00:00";

    public static bool TryParse(string text, out TimeSpan age)
    {
        if (text.Contains(':', StringComparison.Ordinal))
            return TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out age) && age >= TimeSpan.Zero;
        age = TimeSpan.Zero;
        var minutes = text.Length == 0 ? 0 : MinutesOf(text[^1]);
        if (minutes == 0 || !long.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            || count > TimeSpan.MaxValue.Ticks / TimeSpan.TicksPerMinute / minutes)
            return false;
        age = TimeSpan.FromMinutes(count * minutes);
        return true;
    }

    /// <summary>The age of a string that was checked; null for none.</summary>
    public static TimeSpan? Read(string? text) => text is not null && TryParse(text, out var age) ? age : null;

    private static long MinutesOf(char unit) => unit switch
    {
        'm' => 1,
        'h' => 60,
        'd' => 24 * 60,
        'w' => 7 * 24 * 60,
        _ => 0,
    };
}

using System.Globalization;

namespace Crane.Comparing;

/// <summary>Adds up numbers of bytes, and writes them for people, in decimal units as registries and engines do.</summary>
internal static class ByteSize
{
    /// <summary>The sum of sizes, limited to <see cref="long.MaxValue"/>: a manifest may claim anything.</summary>
    public static long Sum(IEnumerable<long> sizes) =>
        sizes.Aggregate(0L, (sum, size) => size > long.MaxValue - sum ? long.MaxValue : sum + size);

    /// <summary>As in <c> (14 MB)</c>, to be appended; empty for nothing, and if the number is unknown.</summary>
    public static string InParentheses(long? bytes) => bytes switch
    {
        null or 0 => "",
        >= 1_000_000_000 => string.Create(CultureInfo.InvariantCulture, $" ({bytes / 1e9:0.#} GB)"),
        >= 1_000_000 => string.Create(CultureInfo.InvariantCulture, $" ({bytes / 1e6:0} MB)"),
        _ => string.Create(CultureInfo.InvariantCulture, $" ({Math.Ceiling(bytes.Value / 1e3):0} kB)"),
    };
}

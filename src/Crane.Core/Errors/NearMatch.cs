namespace Crane.Errors;

/// <summary>Finds names similar to a mistyped one.</summary>
internal static class NearMatch
{
    private const int Reach = 2;

    /// <summary>The candidates one or two edits away, nearest first; case is ignored.</summary>
    public static IReadOnlyList<string> Among(IEnumerable<string> candidates, string text) =>
        [.. candidates
            .Select(candidate => (Text: candidate, Distance: Distance(candidate, text)))
            .Where(match => match.Distance <= Reach)
            .OrderBy(match => match.Distance)
            .Select(match => match.Text)
            .Distinct(StringComparer.Ordinal)];

    /// <summary>Whether a word is at most two edits away, case ignored. For up to four letters it is one: 'hash' is not 'push'.</summary>
    public static bool IsNear(string word, string written) => Distance(word, written) <= (word.Length > 4 ? Reach : 1);

    /// <summary><c> Did you mean `a` or `b`?</c> with a leading space; empty without similar candidates.</summary>
    public static string DidYouMean(IEnumerable<string> candidates, string text, int limit = 3)
    {
        var near = Among(candidates, text).Take(limit).ToList();
        return near.Count == 0 ? "" : $" Did you mean {string.Join(" or ", near.Select(match => $"'{match}'"))}?";
    }

    // Optimal string alignment: insertions, deletions, replacements and swaps of neighbors each count one.
    private static int Distance(string one, string other)
    {
        if (Math.Abs(one.Length - other.Length) > Reach)
            return int.MaxValue;
        one = one.ToLowerInvariant();
        other = other.ToLowerInvariant();
        var beforePrevious = new int[other.Length + 1];
        var previous = Enumerable.Range(0, other.Length + 1).ToArray();
        for (var row = 1; row <= one.Length; row++)
        {
            var current = new int[other.Length + 1];
            current[0] = row;
            for (var column = 1; column <= other.Length; column++)
            {
                var replaced = previous[column - 1] + (one[row - 1] == other[column - 1] ? 0 : 1);
                current[column] = Math.Min(replaced, Math.Min(previous[column], current[column - 1]) + 1);
                if (row > 1 && column > 1 && one[row - 1] == other[column - 2] && one[row - 2] == other[column - 1])
                    current[column] = Math.Min(current[column], beforePrevious[column - 2] + 1);
            }

            (beforePrevious, previous) = (previous, current);
        }

        return previous[^1];
    }
}

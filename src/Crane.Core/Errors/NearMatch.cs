namespace Crane.Errors;

/// <summary>Finds what somebody may have meant.</summary>
internal static class NearMatch
{
    private const int Reach = 2;

    /// <summary>The candidates one or two edits away, nearest first; case alone is no difference.</summary>
    public static IReadOnlyList<string> Among(IEnumerable<string> candidates, string text) =>
        [.. candidates
            .Select(candidate => (Text: candidate, Distance: Distance(candidate, text)))
            .Where(match => match.Distance <= Reach)
            .OrderBy(match => match.Distance)
            .Select(match => match.Text)
            .Distinct(StringComparer.Ordinal)];

    /// <summary>
    /// Whether one or two edits, or case alone, lie between a word and what was written. In a word of four letters two edits
    /// make another word: 'hash' is not 'push'.
    /// </summary>
    public static bool IsNear(string word, string written) => Distance(word, written) <= (word.Length > 4 ? Reach : 1);

    /// <summary><c> Did you mean `a` or `b`?</c> with a leading space; empty where nothing is near.</summary>
    /// <param name="candidates">What may be meant.</param>
    /// <param name="text">What was written.</param>
    /// <param name="limit">How many to offer, the nearest first.</param>
    public static string DidYouMean(IEnumerable<string> candidates, string text, int limit = 3)
    {
        var near = Among(candidates, text).Take(limit).ToList();
        return near.Count == 0 ? "" : $" Did you mean {string.Join(" or ", near.Select(match => $"'{match}'"))}?";
    }

    // Optimal string alignment: insert, delete, replace and swap of neighbours each count one.
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

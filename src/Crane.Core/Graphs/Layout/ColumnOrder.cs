namespace Crane.Graphs.Layout;

/// <summary>
/// Orders the places of each column so that few lines cross: places go to the mean of their neighbors, from the left and from the right
/// in turn, as Sugiyama, Tagawa and Toda describe it. The best order on the way is kept.
/// </summary>
internal static class ColumnOrder
{
    private const int Sweeps = 12;

    public static IReadOnlyList<IReadOnlyList<int>> Of(GraphRoutes routes)
    {
        var columnOf = routes.Columns.SelectMany((column, index) => column.Select(place => (place, index)))
            .ToDictionary(pair => pair.place, pair => pair.index);
        // A line that leads back to the same or an earlier column has no place in the order.
        var lines = routes.Lines.Where(line => columnOf[line.From] < columnOf[line.To]).ToList();
        var before = lines.ToLookup(line => line.To, line => line.From);
        var after = lines.ToLookup(line => line.From, line => line.To);
        var linesFrom = lines.ToLookup(line => columnOf[line.From]);

        var columns = routes.Columns.Select(column => column.ToArray()).ToArray();
        var best = columns.Select(column => column.ToArray()).ToArray();
        var fewest = Crossings();
        for (var sweep = 0; sweep < Sweeps && fewest > 0; sweep++)
        {
            var isForward = sweep % 2 == 0;
            foreach (var index in isForward ? Enumerable.Range(1, columns.Length - 1) : Enumerable.Range(0, columns.Length - 1).Reverse())
                Sort(columns[index], columns[isForward ? index - 1 : index + 1], isForward ? before : after);
            if (Crossings() is var crossings && crossings < fewest)
            {
                fewest = crossings;
                best = columns.Select(column => column.ToArray()).ToArray();
            }
        }

        return best;

        long Crossings() => Enumerable.Range(0, columns.Length - 1)
            .Sum(index => CrossingsBetween(Positions(columns[index]), Positions(columns[index + 1]), linesFrom[index]));
    }

    private static void Sort(int[] column, int[] neighbors, ILookup<int, int> linked)
    {
        var positions = Positions(neighbors);
        var keys = column.Select((place, index) => (
            Mean: linked[place].Any()
                ? linked[place].Average(other => positions[other])
                : (double)index * neighbors.Length / column.Length,
            Index: index)).ToArray();
        Array.Sort(keys, column);
    }

    private static Dictionary<int, int> Positions(int[] column) =>
        column.Select((place, index) => (place, index)).ToDictionary(pair => pair.place, pair => pair.index);

    // Counts pairs of lines in opposite order by a binary indexed tree.
    private static long CrossingsBetween(Dictionary<int, int> left, Dictionary<int, int> right, IEnumerable<RouteLine> lines)
    {
        var tree = new int[right.Count + 1];
        var (seen, crossings) = (0, 0L);
        foreach (var end in lines.Select(line => (From: left[line.From], To: right[line.To])).Order().Select(line => line.To))
        {
            var atOrAbove = 0;
            for (var index = end + 1; index > 0; index -= index & -index)
                atOrAbove += tree[index];
            crossings += seen++ - atOrAbove;
            for (var index = end + 1; index <= right.Count; index += index & -index)
                tree[index]++;
        }

        return crossings;
    }
}

namespace Crane.Graphs.Layout;

/// <summary>Gives each place its height in its column: as near to its neighbors as the order and the distances allow.</summary>
internal static class ColumnPlacement
{
    private const int Sweeps = 10;

    /// <param name="columns">The places of each column, from the top.</param>
    /// <param name="heightOf">The height that a place needs, with the distance to the next.</param>
    /// <returns>The middle of each place; the topmost place begins at 0.</returns>
    public static IReadOnlyDictionary<int, double> Of(
        IReadOnlyList<IReadOnlyList<int>> columns, IReadOnlyList<RouteLine> lines, Func<int, double> heightOf)
    {
        var middles = new Dictionary<int, double>();
        foreach (var column in columns)
            Place(column, column.Select(_ => 0.0).ToList());

        var before = lines.ToLookup(line => line.To, line => line.From);
        var after = lines.ToLookup(line => line.From, line => line.To);
        for (var sweep = 0; sweep < Sweeps; sweep++)
        {
            var linked = sweep % 2 == 0 ? before : after;
            foreach (var column in sweep % 2 == 0 ? columns : columns.Reverse())
            {
                Place(column, [.. column.Select(place =>
                    linked[place].Select(other => middles[other]).DefaultIfEmpty(middles[place]).Average())]);
            }
        }

        var top = middles.Min(place => place.Value - (heightOf(place.Key) / 2));
        return middles.ToDictionary(place => place.Key, place => place.Value - top);

        void Place(IReadOnlyList<int> column, IReadOnlyList<double> wanted)
        {
            // With the distances taken off, the heights have only to be in order.
            var offsets = new double[column.Count];
            for (var index = 1; index < column.Count; index++)
                offsets[index] = offsets[index - 1] + ((heightOf(column[index - 1]) + heightOf(column[index])) / 2);
            var fitted = InOrder([.. wanted.Select((value, index) => value - offsets[index])]);
            for (var index = 0; index < column.Count; index++)
                middles[column[index]] = fitted[index] + offsets[index];
        }
    }

    /// <summary>The values in ascending order that are nearest to the given ones: neighbors out of order share their mean.</summary>
    private static List<double> InOrder(IReadOnlyList<double> values)
    {
        var blocks = new Stack<(double Mean, int Count)>();
        foreach (var value in values)
        {
            var block = (Mean: value, Count: 1);
            while (blocks.TryPeek(out var last) && last.Mean > block.Mean)
            {
                blocks.Pop();
                var count = last.Count + block.Count;
                block = (((last.Mean * last.Count) + (block.Mean * block.Count)) / count, count);
            }

            blocks.Push(block);
        }

        return [.. blocks.Reverse().SelectMany(block => Enumerable.Repeat(block.Mean, block.Count))];
    }
}

namespace Crane.CraneFile.Selecting;

/// <summary>An order in which each comes after what it needs.</summary>
/// <param name="Sorted">The indexes that have a place, ties in their own order (Kahn).</param>
/// <param name="Circles">The circles that keep the others from having one; each once, as a path.</param>
internal sealed record TopologicalOrder(IReadOnlyList<int> Sorted, IReadOnlyList<IReadOnlyList<int>> Circles)
{
    /// <summary>Sorts a graph: <paramref name="needs"/> gives for each index those that come before it.</summary>
    public static TopologicalOrder Sort(IReadOnlyList<IReadOnlyList<int>> needs)
    {
        var waiting = needs.Select(before => before.Distinct().Count()).ToArray();
        var dependents = needs.SelectMany((before, index) => before.Distinct().Select(earlier => (earlier, index)))
            .ToLookup(edge => edge.earlier, edge => edge.index);
        var free = new PriorityQueue<int, int>(Enumerable.Range(0, needs.Count).Where(index => waiting[index] == 0).Select(index => (index, index)));
        List<int> sorted = [];
        while (free.TryDequeue(out var index, out _))
        {
            sorted.Add(index);
            foreach (var dependent in dependents[index])
            {
                if (--waiting[dependent] == 0)
                    free.Enqueue(dependent, dependent);
            }
        }

        return new TopologicalOrder(sorted, FindCircles(needs, Enumerable.Range(0, needs.Count).Except(sorted).ToHashSet()));
    }

    // Whatever is left over needs another one that is left over, so walking along always ends in a circle.
    private static List<IReadOnlyList<int>> FindCircles(IReadOnlyList<IReadOnlyList<int>> needs, HashSet<int> leftOver)
    {
        List<IReadOnlyList<int>> circles = [];
        HashSet<int> visited = [];
        foreach (var start in leftOver.Order())
        {
            List<int> walk = [];
            var current = start;
            while (visited.Add(current))
            {
                walk.Add(current);
                current = needs[current].First(leftOver.Contains);
            }

            if (walk.IndexOf(current) is >= 0 and var first)
                circles.Add(walk[first..]);
        }

        return circles;
    }
}

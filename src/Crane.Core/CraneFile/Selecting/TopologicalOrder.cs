namespace Crane.CraneFile.Selecting;

/// <summary>A topological order of a graph, by Kahn's algorithm.</summary>
/// <param name="Sorted">The indexes that can be sorted, otherwise ascending.</param>
/// <param name="Cycles">The cycles that keep the others from being sorted, each once, as a path.</param>
internal sealed record TopologicalOrder(IReadOnlyList<int> Sorted, IReadOnlyList<IReadOnlyList<int>> Cycles)
{
    /// <summary>Sorts a graph; <paramref name="needs"/> has for each index those that come before it.</summary>
    public static TopologicalOrder Sort(IReadOnlyList<IReadOnlyList<int>> needs)
    {
        var waiting = new int[needs.Count];
        var dependents = new List<int>?[needs.Count];
        for (var index = 0; index < needs.Count; index++)
        {
            foreach (var earlier in needs[index].Distinct())
            {
                waiting[index]++;
                (dependents[earlier] ??= []).Add(index);
            }
        }

        var free = new PriorityQueue<int, int>(
            Enumerable.Range(0, needs.Count).Where(index => waiting[index] == 0).Select(index => (index, index)));
        List<int> sorted = [];
        while (free.TryDequeue(out var index, out _))
        {
            sorted.Add(index);
            foreach (var dependent in dependents[index] ?? [])
            {
                if (--waiting[dependent] == 0)
                    free.Enqueue(dependent, dependent);
            }
        }

        return new TopologicalOrder(
            sorted,
            sorted.Count == needs.Count ? [] : FindCycles(needs, Enumerable.Range(0, needs.Count).Except(sorted).ToHashSet()));
    }

    // Each of the others needs another one of them, so every walk ends in a cycle.
    private static List<IReadOnlyList<int>> FindCycles(IReadOnlyList<IReadOnlyList<int>> needs, HashSet<int> leftOver)
    {
        List<IReadOnlyList<int>> cycles = [];
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
                cycles.Add(walk[first..]);
        }

        return cycles;
    }
}

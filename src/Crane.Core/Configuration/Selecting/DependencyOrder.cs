namespace Crane.Configuration;

/// <summary>Puts containers into an order in which each comes after what it needs.</summary>
internal static class DependencyOrder
{
    /// <summary>
    /// Sorts topologically (Kahn); among those that are free, the first of the file goes first. Containers in a circle, and
    /// those that need one in it, have no place and are left out, with an error for each circle.
    /// </summary>
    /// <param name="containers">What to sort.</param>
    /// <param name="graph">Their edges; those to other containers do not count.</param>
    /// <param name="errors">Takes a DependencyCycle for each circle.</param>
    public static IReadOnlyList<DeclaredContainer> Sort(
        HashSet<DeclaredContainer> containers, DependencyGraph graph, List<CraneException> errors)
    {
        var edges = containers.ToDictionary(
            container => container,
            container => graph.Needs(container).Where(need => need.Target is not null && containers.Contains(need.Target)).ToList());
        var dependents = edges.SelectMany(pair => pair.Value, (pair, need) => (pair.Key, need.Target))
            .ToLookup(edge => edge.Target!, edge => edge.Key);
        var waiting = edges.ToDictionary(pair => pair.Key, pair => pair.Value.Count);
        var free = new PriorityQueue<DeclaredContainer, int>(
            containers.Where(container => waiting[container] == 0).Select(container => (container, container.Index)));

        var sorted = new List<DeclaredContainer>(containers.Count);
        while (free.TryDequeue(out var container, out _))
        {
            sorted.Add(container);
            foreach (var dependent in dependents[container])
                if (--waiting[dependent] == 0)
                    free.Enqueue(dependent, dependent.Index);
        }

        if (sorted.Count < containers.Count)
            errors.AddRange(Circles(containers.Except(sorted), edges));
        return sorted;
    }

    // Each container that is left over needs another one that is left over, so walking along always ends in a circle.
    private static IEnumerable<CraneException> Circles(
        IEnumerable<DeclaredContainer> leftOver, Dictionary<DeclaredContainer, List<Dependency>> edges)
    {
        var remaining = leftOver.ToHashSet();
        var visited = new HashSet<DeclaredContainer>();
        foreach (var start in remaining.OrderBy(container => container.Index))
        {
            var walk = new List<Dependency>();
            var steps = new Dictionary<DeclaredContainer, int>();
            var current = start;
            while (visited.Add(current))
            {
                steps[current] = walk.Count;
                walk.Add(edges[current].First(need => remaining.Contains(need.Target!)));
                current = walk[^1].Target!;
            }

            if (steps.TryGetValue(current, out var first))
                yield return Circle(current, walk[first..]);
        }
    }

    private static CraneException Circle(DeclaredContainer start, IReadOnlyList<Dependency> steps)
    {
        var path = string.Join(" -> ", steps.Select(step => step.Name).Prepend(start.Name));
        var location = steps[0].Where.Location;
        return new CraneException(
            CraneErrorId.DependencyCycle,
            $"{location}: containers need each other in a circle: {path}. None of them, and nothing that needs them, is selected.",
            "Take one of these dependencies out, or leave one of the containers out with -Exclude.")
        { Location = location };
    }
}

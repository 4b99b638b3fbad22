namespace Crane.CraneFile.Selecting;

/// <summary>Puts containers into an order in which each comes after what it needs.</summary>
internal static class DependencyOrder
{
    /// <summary>
    /// Sorts topologically; among those that are free, the first of the file goes first. Containers in a circle, and those
    /// that need one in it, have no place and are left out, with an error for each circle.
    /// </summary>
    /// <param name="containers">What to sort.</param>
    /// <param name="graph">Their edges; those to other containers do not count.</param>
    /// <param name="errors">Takes a DependencyCycle for each circle.</param>
    public static IReadOnlyList<DeclaredContainer> Sort(
        HashSet<DeclaredContainer> containers, DependencyGraph graph, List<CraneException> errors)
    {
        var declared = containers.OrderBy(container => container.Index).ToList();
        var places = declared.Select((container, place) => (container, place)).ToDictionary(pair => pair.container, pair => pair.place);
        var edges = declared
            .Select(container => graph.Needs(container).Where(need => need.Target is not null && places.ContainsKey(need.Target)).ToList())
            .ToList();
        var order = TopologicalOrder.Sort(edges.Select(needs => needs.Select(need => places[need.Target!]).ToList()).ToList());
        errors.AddRange(order.Circles.Select(circle => Circle(circle, declared, edges)));
        return order.Sorted.Select(place => declared[place]).ToList();
    }

    private static CraneException Circle(
        IReadOnlyList<int> circle, List<DeclaredContainer> declared, List<List<Dependency>> edges)
    {
        var path = string.Join(" -> ", circle.Append(circle[0]).Select(place => declared[place].Name));
        var next = declared[circle[1 % circle.Count]];
        var location = edges[circle[0]].First(need => need.Target == next).Where.Location;
        return new CraneException(
            CraneErrorId.DependencyCycle,
            $"{location}: containers need each other in a circle: {path}. None of them, and nothing that needs them, is selected.",
            "Take one of these dependencies out, or leave one of the containers out with -Exclude.")
        { Location = location };
    }
}

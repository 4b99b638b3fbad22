using Crane.CraneFile.Nodes;

namespace Crane.CraneFile.Selecting;

/// <summary>
/// Which containers need which: <c>requires</c>, and what the running of containers implies. Edges are read when they are
/// asked for, each container once.
/// </summary>
/// <param name="names">The containers.</param>
/// <param name="bases">What is built on what; it counts for selecting alone, since only builds have to wait for it.</param>
internal sealed class DependencyGraph(ContainerIndex names, BaseImages bases)
{
    private readonly Dictionary<DeclaredContainer, IReadOnlyList<Dependency>> _needs = [];

    /// <summary>What a container names as coming before it, declared or not, each once.</summary>
    public IReadOnlyList<Dependency> Needs(DeclaredContainer container)
    {
        if (_needs.TryGetValue(container, out var known))
            return known;
        var (needs, seen) = (new List<Dependency>(), new HashSet<string>(StringComparer.Ordinal));
        foreach (var (text, nameOf) in DependencyKeys.Of(container.Body))
        {
            // A variable of a running container that is not set is no error: there is no edge then. `requires` is
            // expanded again, strictly, when the container itself is.
            var expanded = names.Expand(text, out var fault);
            if (fault is null && nameOf(expanded) is { Length: > 0 } name && seen.Add(name))
                needs.Add(new Dependency(name, text, names.Container(name)));
        }

        return _needs[container] = needs;
    }

    /// <summary>The containers and everything they need, but for what is excluded and what only that needs.</summary>
    /// <param name="containers">Where to start.</param>
    /// <param name="excluded">What is left out.</param>
    /// <param name="errors">Takes an error for each needed container that is declared nowhere.</param>
    public HashSet<DeclaredContainer> WithDependencies(
        HashSet<DeclaredContainer> containers, HashSet<DeclaredContainer> excluded, List<CraneException> errors)
    {
        var reached = new HashSet<DeclaredContainer>(containers);
        var open = new Queue<DeclaredContainer>(containers.OrderBy(container => container.Index));
        while (open.TryDequeue(out var container))
        {
            foreach (var need in Needs(container).Where(need => need.Target is null))
                errors.Add(UndeclaredContainer.Error(names, need.Name, $"container '{container.Name}'", need.Where.Location));
            foreach (var needed in Before(container))
                if (!excluded.Contains(needed) && reached.Add(needed))
                    open.Enqueue(needed);
        }

        return reached;
    }

    /// <summary>The containers and everything that needs them, but for what is excluded and what needs only that.</summary>
    public HashSet<DeclaredContainer> WithDependents(
        HashSet<DeclaredContainer> containers, HashSet<DeclaredContainer> excluded)
    {
        var dependents = names.Containers
            .SelectMany(Before, (container, needed) => (container, needed))
            .ToLookup(edge => edge.needed, edge => edge.container);
        var reached = new HashSet<DeclaredContainer>(containers);
        var open = new Queue<DeclaredContainer>(containers);
        while (open.TryDequeue(out var container))
            foreach (var dependent in dependents[container])
                if (!excluded.Contains(dependent) && reached.Add(dependent))
                    open.Enqueue(dependent);
        return reached;
    }

    private IEnumerable<DeclaredContainer> Before(DeclaredContainer container) =>
        Needs(container).Select(need => need.Target).OfType<DeclaredContainer>().Concat(bases.Of(container));
}

/// <summary>An edge of the graph.</summary>
/// <param name="Name">The name of what is needed.</param>
/// <param name="Where">Where the file says so.</param>
/// <param name="Target">The container of that name; null where it is declared nowhere.</param>
internal sealed record Dependency(string Name, ScalarNode Where, DeclaredContainer? Target);

/// <summary>
/// The keys of a container that name others. <c>requires</c> is ours; the others say how containers run, on the container
/// itself (crane 3, Compose) or under <c>run</c> (crane 1 and 2). Their shape is not judged: what does not fit names nothing.
/// </summary>
internal static class DependencyKeys
{
    private static readonly (string Key, Func<string, string?> NameOf)[] _keys =
    [
        ("requires", name => name),
        ("depends_on", name => name),
        ("link", BeforeColon),
        ("links", BeforeColon),
        ("volumes-from", BeforeColon),
        ("volumes_from", VolumesOf),
        ("net", NetworkOf),
        ("network_mode", NetworkOf),
    ];

    /// <summary>Each text that names a container, with how the name is read from its expanded form.</summary>
    public static IEnumerable<(ScalarNode Text, Func<string, string?> NameOf)> Of(MapNode? body)
    {
        if (body is null)
            yield break;
        foreach (var (key, nameOf) in _keys)
        {
            foreach (var text in Texts(body.Find(key)))
                yield return (text, nameOf);
            foreach (var text in Texts((body.Find("run") as MapNode)?.Find(key)))
                yield return (text, nameOf);
        }
    }

    private static IEnumerable<ScalarNode> Texts(ConfigNode? value) => value switch
    {
        ScalarNode { IsNull: false } text => [text],
        ListNode list => list.Items.OfType<ScalarNode>().Where(item => !item.IsNull),
        MapNode map => map.Entries.Select(entry => entry.Key),
        _ => [],
    };

    // name:alias, name:ro
    private static string BeforeColon(string text) => text.Split(':')[0];

    // Compose writes container:NAME for a container of somebody else.
    private static string? VolumesOf(string text) =>
        text.StartsWith("container:", StringComparison.Ordinal) ? null : BeforeColon(text);

    private static string? NetworkOf(string text) => text.Split(':') is ["container" or "service", var name] ? name : null;
}

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
            $"containers need each other in a circle: {path}. None of them, and nothing that needs them, is selected.",
            "Take one of these dependencies out, or leave one of the containers out with -Exclude.").At(location);
    }
}

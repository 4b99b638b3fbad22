using Crane.CraneFile.Nodes;

namespace Crane.CraneFile.Selecting;

/// <summary>The dependencies of containers: <c>requires</c>, and the keys for running containers. They are read on demand.</summary>
/// <param name="bases">Which images are built on which: used for selecting but not for the order, since only builds depend on it.</param>
internal sealed class DependencyGraph(ContainerIndex names, BaseImages bases)
{
    private readonly Dictionary<DeclaredContainer, IReadOnlyList<Dependency>> _needs = [];

    /// <summary>The containers that a container depends on, declared or not, each once.</summary>
    public IReadOnlyList<Dependency> Needs(DeclaredContainer container)
    {
        if (!_needs.TryGetValue(container, out var needs))
            _needs[container] = needs =
                [.. DependencyKeys.Of(container.Body).Select(Read).OfType<Dependency>().DistinctBy(need => need.Name)];
        return needs;
    }

    // What cannot be expanded is ignored here. `requires` is expanded again, with errors, together with its container.
    private Dependency? Read((ScalarNode Node, Func<string, string?> NameOf) key)
    {
        var expanded = names.Expand(key.Node, out var error);
        return error is null && key.NameOf(expanded) is { Length: > 0 } name
            ? new Dependency(name, key.Node, names.Container(name)) : null;
    }

    /// <summary>The containers and their dependencies, without excluded ones and what only those need.</summary>
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

    /// <summary>The containers and their dependents, without excluded ones and what needs only those.</summary>
    public HashSet<DeclaredContainer> WithDependents(HashSet<DeclaredContainer> containers, HashSet<DeclaredContainer> excluded)
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

/// <summary>A dependency of a container.</summary>
/// <param name="Where">Its node in the file.</param>
/// <param name="Target">The container; null if it is not declared.</param>
internal sealed record Dependency(string Name, ScalarNode Where, DeclaredContainer? Target);

/// <summary>
/// The keys of a container that name others: <c>requires</c>, contexts of builds, and keys for running containers, in the container itself (crane 3, Compose)
/// or under <c>run</c> (crane 1 and 2). Values of unexpected types are ignored.
/// </summary>
internal static class DependencyKeys
{
    private static readonly (string Key, Func<string, string?> NameOf)[] Keys =
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

    /// <summary>Each string that names a container, with the function that reads the name from its expanded form.</summary>
    public static IEnumerable<(ScalarNode Node, Func<string, string?> NameOf)> Of(MapNode? body)
    {
        if (body is null)
            yield break;
        var run = body.Find("run") as MapNode;
        foreach (var (key, nameOf) in Keys)
        {
            foreach (var node in Scalars(body.Find(key)))
                yield return (node, nameOf);
            foreach (var node in Scalars(run?.Find(key)))
                yield return (node, nameOf);
        }

        var contexts = (body.Find("build") as MapNode)?.Find("build-context");
        foreach (var node in contexts is MapNode map ? map.Entries.Select(entry => entry.Value).OfType<ScalarNode>() : Scalars(contexts))
            yield return (node, NamedContext.ServiceIn);
    }

    private static IEnumerable<ScalarNode> Scalars(ConfigNode? value) => value switch
    {
        ScalarNode { IsNull: false } scalar => [scalar],
        ListNode list => list.Items.OfType<ScalarNode>().Where(item => !item.IsNull),
        MapNode map => map.Entries.Select(entry => entry.Key),
        _ => [],
    };

    // name:alias, name:ro
    private static string BeforeColon(string value) => value.Split(':')[0];

    // In Compose container:NAME is a container outside the file.
    private static string? VolumesOf(string value) => value.StartsWith("container:", StringComparison.Ordinal) ? null : BeforeColon(value);

    private static string? NetworkOf(string value) => value.Split(':') is ["container" or "service", var name] ? name : null;
}

/// <summary>Sorts containers, each after its dependencies.</summary>
internal static class DependencyOrder
{
    /// <summary>Sorts topologically, otherwise in the order of the files, without cycles and what depends on them.</summary>
    public static IReadOnlyList<DeclaredContainer> Sort(
        HashSet<DeclaredContainer> containers, DependencyGraph graph, List<CraneException> errors)
    {
        var declared = containers.OrderBy(container => container.Index).ToList();
        var indexes = declared.Select((container, index) => (container, index)).ToDictionary(pair => pair.container, pair => pair.index);
        var order = TopologicalOrder.Sort(declared.Select(container => Within(graph.Needs(container), indexes)).ToList());
        errors.AddRange(order.Cycles.Select(cycle => Cycle([.. cycle.Select(index => declared[index])], graph)));
        return order.Sorted.Select(index => declared[index]).ToList();
    }

    private static IReadOnlyList<int> Within(IReadOnlyList<Dependency> needs, Dictionary<DeclaredContainer, int> indexes) =>
        [.. needs.Where(need => need.Target is not null && indexes.ContainsKey(need.Target)).Select(need => indexes[need.Target!])];

    private static CraneException Cycle(IReadOnlyList<DeclaredContainer> cycle, DependencyGraph graph)
    {
        var path = string.Join(" -> ", cycle.Append(cycle[0]).Select(container => container.Name));
        var next = cycle[1 % cycle.Count];
        var location = graph.Needs(cycle[0]).First(need => need.Target == next).Where.Location;
        return new CraneException(
            CraneErrorId.DependencyCycle, $"dependency cycle: {path}. These containers, and those that depend on them, are not selected.",
            "Remove one of these dependencies, or exclude one of the containers with -Exclude.").At(location);
    }
}

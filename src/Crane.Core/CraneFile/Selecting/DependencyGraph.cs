using Crane.CraneFile.Nodes;

namespace Crane.CraneFile.Selecting;

/// <summary>
/// Which containers need which: <c>requires</c>, and what the running of containers implies. Edges are read when they are
/// asked for, each container once.
/// </summary>
/// <param name="names">The containers.</param>
/// <param name="bases">What is built on what; it counts for selecting alone, since only builds have to wait for it.</param>
internal sealed class DependencyGraph(StackNames names, BaseImages bases)
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

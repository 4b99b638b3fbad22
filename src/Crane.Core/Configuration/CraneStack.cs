namespace Crane.Configuration;

/// <summary>The merged crane files, checked but not yet expanded: the spellings of all generations are one.</summary>
internal sealed class CraneStack
{
    private CraneStack(MapNode sections, Func<string, bool> fileExists)
    {
        Containers = sections.Find("containers") as MapNode;
        Groups = sections.Find("groups") as MapNode;
        Hooks = sections.Find("hooks") as MapNode;
        Registries = sections.Find("registries") as MapNode;
        FileExists = fileExists;
    }

    public MapNode? Containers { get; }

    public MapNode? Groups { get; }

    public MapNode? Hooks { get; }

    public MapNode? Registries { get; }

    /// <summary>Tells a Dockerfile from a folder in <c>dockerfile: PATH</c> of crane 1.</summary>
    public Func<string, bool> FileExists { get; }

    /// <summary>Puts checked files together, later ones over earlier ones.</summary>
    /// <param name="roots">Their values, each without errors.</param>
    /// <param name="fileExists">Whether a full path is a file.</param>
    public static CraneStack Merge(IEnumerable<MapNode> roots, Func<string, bool> fileExists) =>
        new(roots.Select(CanonicalKeys.Of).Aggregate(MapMerge.Merge), fileExists);

    /// <summary>Names of the containers, for completion: what cannot be expanded stays as written.</summary>
    public IReadOnlyList<string> ContainerNames(IVariables variables) => Names(Containers, variables);

    /// <summary>Names of the groups, for completion: what cannot be expanded stays as written.</summary>
    public IReadOnlyList<string> GroupNames(IVariables variables) => Names(Groups, variables);

    private static List<string> Names(MapNode? section, IVariables variables) =>
        [.. (section?.Entries ?? []).Select(entry => Expand(entry.Key.Text, variables)).Distinct(StringComparer.Ordinal)];

    private static string Expand(string name, IVariables variables)
    {
        var expanded = Interpolation.Expand(name, variables, out var fault);
        return fault is null ? expanded : name;
    }
}

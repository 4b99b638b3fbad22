using Crane.CraneFile.Nodes;
using Crane.CraneFile.Variables;

namespace Crane.CraneFile;

/// <summary>The merged crane files, checked but not yet expanded: the spellings of all generations are one.</summary>
internal sealed class CraneStack
{
    private readonly IReadOnlyList<MapNode> _roots;

    private CraneStack(MapNode sections, IReadOnlyList<MapNode> roots, Func<string, bool> fileExists)
    {
        _roots = roots;
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
    public static CraneStack Merge(IReadOnlyList<MapNode> roots, Func<string, bool> fileExists) =>
        new(roots.Select(CanonicalKeys.Of).Aggregate(MapMerge.Merge), roots, fileExists);

    /// <summary>The variables that any string of the files names, whether it is expanded or not.</summary>
    public IReadOnlySet<string> VariableNames()
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        var seen = new HashSet<ConfigNode>();
        var rest = new Stack<ConfigNode>(_roots);
        while (rest.TryPop(out var node))
        {
            // Aliases share one node.
            if (!seen.Add(node))
                continue;
            if (node is ScalarNode scalar)
                names.UnionWith(Interpolation.NamesIn(scalar.Text));
            foreach (var inner in Inside(node))
                rest.Push(inner);
        }

        return names;
    }

    /// <summary>Names of the containers, for completion: what cannot be expanded stays as written.</summary>
    public IReadOnlyList<string> ContainerNames(IVariables variables) => Names(Containers, variables);

    /// <summary>Names of the groups, for completion: what cannot be expanded stays as written.</summary>
    public IReadOnlyList<string> GroupNames(IVariables variables) => Names(Groups, variables);

    private static IEnumerable<ConfigNode> Inside(ConfigNode node) => node switch
    {
        MapNode map => map.Entries.SelectMany(entry => (ConfigNode[])[entry.Key, entry.Value]),
        ListNode list => list.Items,
        _ => [],
    };

    private static List<string> Names(MapNode? section, IVariables variables) =>
        [.. (section?.Entries ?? []).Select(entry => Expand(entry.Key.Text, variables)).Distinct(StringComparer.Ordinal)];

    private static string Expand(string name, IVariables variables)
    {
        var expanded = Interpolation.Expand(name, variables, out var fault);
        return fault is null ? expanded : name;
    }
}

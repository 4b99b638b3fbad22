using Crane.CraneFile.Compose;
using Crane.CraneFile.Nodes;
using Crane.CraneFile.Variables;

namespace Crane.CraneFile;

/// <summary>The merged crane files in canonical form, checked but not yet expanded.</summary>
internal sealed class CraneStack
{
    private readonly IReadOnlyList<MapNode> _roots;

    private CraneStack(MapNode sections, IReadOnlyList<MapNode> roots, Func<string, bool> fileExists)
    {
        _roots = roots;
        Containers = sections.Find("containers") is MapNode containers ? ComposeDefaults.Complete(containers, roots) : null;
        Groups = sections.Find("groups") as MapNode;
        Hooks = sections.Find("hooks") as MapNode;
        Registries = sections.Find("registries") as MapNode;
        Remotes = sections.Find("remotes") as MapNode;
        Defaults = sections.Find("defaults") as MapNode;
        Lock = sections.Find("lock") as MapNode;
        FileExists = fileExists;
    }

    /// <summary>Full path of the first of its files.</summary>
    public string FirstFile => _roots[0].File.Path;

    public MapNode? Containers { get; }

    public MapNode? Groups { get; }

    public MapNode? Hooks { get; }

    public MapNode? Registries { get; }

    public MapNode? Remotes { get; }

    /// <summary>The remotes of containers that do not say where to pull from or push to.</summary>
    public MapNode? Defaults { get; }

    /// <summary>The rules of the lock file.</summary>
    public MapNode? Lock { get; }

    /// <summary>Distinguishes a Dockerfile from a folder in <c>dockerfile: PATH</c> of crane 1.</summary>
    public Func<string, bool> FileExists { get; }

    /// <summary>Merges checked files, later ones over earlier ones.</summary>
    public static CraneStack Merge(IReadOnlyList<MapNode> roots, Func<string, bool> fileExists)
    {
        var secrets = ComposeSecrets.DeclaredIn(roots);
        var merged = roots.Select(root => CanonicalKeys.Of(root, secrets)).Aggregate(MapMerge.Merge);
        return new(ComposeSections.WithProfiles(merged), roots, fileExists);
    }

    /// <summary>The variables in all strings of the files, whether expanded or not.</summary>
    public IReadOnlySet<string> VariableNames()
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        // Aliases share one node.
        var seen = new HashSet<ConfigNode>();
        // Also the strings of what services get by default.
        var open = new Stack<ConfigNode>([.. _roots, .. Containers is null ? Array.Empty<ConfigNode>() : [Containers]]);
        while (open.TryPop(out var node))
        {
            if (!seen.Add(node))
                continue;
            if (node is ScalarNode scalar && scalar.Text.Contains('$', StringComparison.Ordinal))
                names.UnionWith(Interpolation.NamesIn(scalar.Text));
            var children = node switch
            {
                MapNode map => map.Entries.SelectMany(entry => new[] { entry.Key, entry.Value }),
                ListNode list => list.Items,
                _ => [],
            };
            foreach (var child in children)
                open.Push(child);
        }

        return names;
    }

    /// <summary>Names of the containers, for completion; a name that cannot be expanded stays as written.</summary>
    public IReadOnlyList<string> ContainerNames(IVariables variables) => Names(Containers, variables);

    /// <summary>Names of the groups, likewise.</summary>
    public IReadOnlyList<string> GroupNames(IVariables variables) => Names(Groups, variables);

    /// <summary>Names of the remotes, likewise.</summary>
    public IReadOnlyList<string> RemoteNames(IVariables variables) => Names(Remotes, variables);

    private static List<string> Names(MapNode? section, IVariables variables) =>
        [.. (section?.Entries ?? []).Select(entry => Expand(entry.Key.Text, variables)).Distinct(StringComparer.Ordinal)];

    private static string Expand(string name, IVariables variables)
    {
        var expanded = Interpolation.Expand(name, variables, out var error);
        return error is null ? expanded : name;
    }
}

/// <summary>Finds, reads, merges and checks crane files on disk.</summary>
internal interface ICraneFileSource
{
    /// <summary>
    /// Loads the crane files of a query into one stack. Users' mistakes are errors in the result, which then has no stack.
    /// </summary>
    CraneStackResult Load(CraneFileQuery query);
}

/// <summary>Which crane files to load.</summary>
/// <param name="Path">Full paths of files or folders, in the order in which they merge; empty to search.</param>
/// <param name="CurrentFolder">Where the search for <c>crane.yaml</c>, <c>crane.yml</c>, <c>crane.json</c> starts.</param>
/// <param name="Variables">The variables of the crane file, and <c>CRANE_CONFIG</c>.</param>
/// <param name="EnvFile">
/// Full paths of files of variables, later ones over earlier ones; null for <c>.env</c> beside the first crane file, if there is one.
/// </param>
internal sealed record CraneFileQuery(
    IReadOnlyList<string> Path, string CurrentFolder, IVariables Variables, IReadOnlyList<string>? EnvFile = null);

/// <summary>A stack, or the errors of all files; warnings in either case.</summary>
/// <param name="Variables">The variables of the query, and those of files.</param>
internal sealed record CraneStackResult(
    CraneStack? Stack, IReadOnlyList<CraneException> Errors, IReadOnlyList<string> Warnings, IVariables Variables);

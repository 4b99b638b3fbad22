using Crane.CraneFile.Nodes;
using Crane.CraneFile.Variables;
using Crane.Errors;

namespace Crane.CraneFile.Selecting;

/// <summary>
/// The containers and groups of a stack by their expanded names. A name that cannot be expanded makes nothing fail but the
/// use of what it names.
/// </summary>
internal sealed class ContainerIndex
{
    private readonly Dictionary<string, DeclaredContainer> _containersByName = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DeclaredGroup> _groupsByName = new(StringComparer.Ordinal);
    private readonly IVariables _variables;

    public ContainerIndex(CraneStack stack, IVariables variables)
    {
        _variables = variables;
        Containers = Declare(stack.Containers);
        Groups = [.. (stack.Groups?.Entries ?? []).Select(Declare)];
        foreach (var group in Groups)
            _groupsByName.TryAdd(group.Name, group);
    }

    /// <summary>In the order of the files.</summary>
    public IReadOnlyList<DeclaredContainer> Containers { get; }

    /// <summary>In the order of the files.</summary>
    public IReadOnlyList<DeclaredGroup> Groups { get; }

    public DeclaredContainer? Container(string name) => _containersByName.GetValueOrDefault(name);

    public DeclaredGroup? Group(string name) => _groupsByName.GetValueOrDefault(name);

    /// <summary>The expanded name that an item of a list gives.</summary>
    /// <param name="item">The item.</param>
    /// <param name="fault">Why it cannot be expanded; null where it can.</param>
    public string Expand(ScalarNode item, out InterpolationError? fault) => Interpolation.Expand(item.Text, _variables, out fault);

    private List<DeclaredContainer> Declare(MapNode? section)
    {
        var entries = section?.Entries ?? [];
        var declared = new List<DeclaredContainer>(entries.Count);
        foreach (var entry in entries)
        {
            var name = Name(entry.Key, "the name of a container", out var fault);
            if (fault is null && _containersByName.TryGetValue(name, out var other))
            {
                fault = TwoOfOneName(name, other.Entry.Key, entry.Key);
                declared[other.Index] = _containersByName[name] = new DeclaredContainer(other.Index, name, other.Entry, fault);
            }

            declared.Add(new DeclaredContainer(declared.Count, name, entry, fault));
            _containersByName.TryAdd(name, declared[^1]);
        }

        return declared;
    }

    private DeclaredGroup Declare(MapEntry entry)
    {
        var name = Name(entry.Key, "the name of a group", out var fault);
        var members = (entry.Value as ListNode)?.Items.OfType<ScalarNode>().Where(item => !item.IsNull).ToList();
        return new DeclaredGroup(name, members, fault);
    }

    private string Name(ScalarNode key, string place, out CraneException? fault)
    {
        var expanded = Interpolation.Read(key.Text, _variables, out var reason);
        var name = expanded.Text;
        if (name.Length == 0 && expanded.Empty is { } variable)
            reason = new InterpolationError.Empty(variable, null);
        fault = reason?.ToException(place, key.Location);
        return fault is null ? name : key.Text;
    }

    private static CraneException TwoOfOneName(string name, ScalarNode first, ScalarNode second) => new CraneException(
        CraneErrorId.DuplicateKey,
        $"the container name '{second.Text}' becomes '{name}', and so does '{first.Text}' at {first.Location}.",
        "Set the variables in these names so that each container has a name of its own.").At(second.Location);
}

/// <summary>A container as declared, with its name expanded. Two are equal only if they are the same.</summary>
/// <param name="index">Position in the files, which decides ties.</param>
/// <param name="name">The expanded name; as written where it cannot be expanded.</param>
/// <param name="entry">Where it is declared, and as what.</param>
/// <param name="fault">Why it cannot be used, whatever its keys are; null where it can.</param>
internal sealed class DeclaredContainer(int index, string name, MapEntry entry, CraneException? fault)
{
    public int Index { get; } = index;

    public string Name { get; } = name;

    public MapEntry Entry { get; } = entry;

    public CraneException? Fault { get; } = fault;

    /// <summary>Its keys; null where nothing is written.</summary>
    public MapNode? Body { get; } = entry.Value as MapNode;
}

/// <summary>A group as declared, with its name expanded.</summary>
/// <param name="Name">The expanded name; as written where it cannot be expanded.</param>
/// <param name="Members">The items as written; null where the group has no list at all.</param>
/// <param name="Fault">Why it cannot be used; null where it can.</param>
internal sealed record DeclaredGroup(string Name, IReadOnlyList<ScalarNode>? Members, CraneException? Fault);

/// <summary>Which groups list a container. What cannot be expanded lists nothing; it is an error where it is selected.</summary>
internal sealed class GroupMembership
{
    private readonly Dictionary<DeclaredContainer, List<string>> _groups = [];

    public GroupMembership(ContainerIndex names)
    {
        foreach (var group in names.Groups.Where(group => group.Fault is null))
        {
            foreach (var item in group.Members ?? [])
            {
                var name = names.Expand(item, out var fault);
                if (fault is null && names.Container(name) is { } member)
                    Add(member, group.Name);
            }
        }
    }

    /// <summary>Names of the groups, in the order of the files.</summary>
    public IReadOnlyList<string> GroupsOf(DeclaredContainer container) => _groups.GetValueOrDefault(container) ?? [];

    private void Add(DeclaredContainer member, string group)
    {
        if (!_groups.TryGetValue(member, out var groups))
            _groups[member] = groups = [];
        if (groups is not [.., var last] || last != group)
            groups.Add(group);
    }
}

/// <summary>The error for a name that is declared nowhere. Files have such names; they matter when they are selected.</summary>
internal static class UndeclaredContainer
{
    /// <summary>The errors of hooks that belong to no container and no group: they would never run.</summary>
    public static IEnumerable<CraneException> InHooks(CraneStack stack, IVariables variables)
    {
        var names = new ContainerIndex(stack, variables);
        foreach (var (key, _) in stack.Hooks?.Entries ?? [])
        {
            var name = names.Expand(key, out var fault);
            if (fault is not null)
                yield return fault.ToException("a name in 'hooks'", key.Location);
            else if (names.Container(name) is null && names.Group(name) is null)
                yield return Error(names, name, "'hooks'", key.Location);
        }
    }

    /// <summary>Makes the error.</summary>
    /// <param name="names">What is declared.</param>
    /// <param name="name">What is not.</param>
    /// <param name="place">What names it.</param>
    /// <param name="location">Where it does.</param>
    public static CraneException Error(ContainerIndex names, string name, string place, SourceLocation location) => new CraneException(
        CraneErrorId.UnknownContainer,
        $"{place} names '{name}', which is declared nowhere."
        + NearMatch.DidYouMean(names.Containers.Select(candidate => candidate.Name), name),
        "Declare the container, or correct the name.").At(location);
}

using Crane.CraneFile.Nodes;
using Crane.CraneFile.Variables;
using Crane.Errors;

namespace Crane.CraneFile.Selecting;

/// <summary>The containers and groups of a stack by their expanded names. An invalid name is an error only where it is used.</summary>
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

    /// <summary>Expands an item of a list; <paramref name="error"/> is why it cannot be expanded.</summary>
    public string Expand(ScalarNode item, out InterpolationError? error) => _variables.Expand(item.Text, out error).Text;

    private List<DeclaredContainer> Declare(MapNode? section)
    {
        var entries = section?.Entries ?? [];
        var declared = new List<DeclaredContainer>(entries.Count);
        _containersByName.EnsureCapacity(entries.Count);
        foreach (var entry in entries)
        {
            var name = Name(entry.Key, "the name of a container", out var error);
            if (error is null && _containersByName.TryGetValue(name, out var other))
            {
                error = Duplicate(name, other.Entry.Key, entry.Key);
                declared[other.Index] = _containersByName[name] = new DeclaredContainer(other.Index, name, other.Entry, error);
            }

            declared.Add(new DeclaredContainer(declared.Count, name, entry, error));
            _containersByName.TryAdd(name, declared[^1]);
        }

        return declared;
    }

    private DeclaredGroup Declare(MapEntry entry)
    {
        var name = Name(entry.Key, "the name of a group", out var error);
        var body = entry.Value as MapNode;
        var members = (body?.Find("containers") as ListNode)?.Items.OfType<ScalarNode>().Where(item => !item.IsNull).ToList();
        List<CraneException> errors = [];
        var isAtomic = new ValueReader($"group '{name}'", _variables, errors).Flag(body, "", "atomic");
        if (body is not null && members is null)
            errors.Add(new CraneException(
                CraneErrorId.InvalidValue, $"group '{name}' has no list of containers.",
                "Add 'containers: [NAME, NAME]'.").At(body.Location));
        return new DeclaredGroup(name, members, isAtomic, error ?? errors.FirstOrDefault());
    }

    private string Name(ScalarNode key, string owner, out CraneException? error)
    {
        var expanded = _variables.Expand(key.Text, out var reason);
        var name = expanded.Text;
        if (name.Length == 0 && expanded.Empty is { } variable)
            reason = new InterpolationError.Empty(variable, null);
        error = reason?.ToException(owner, key.Location);
        return error is null ? name : key.Text;
    }

    private static CraneException Duplicate(string name, ScalarNode first, ScalarNode second) => new CraneException(
        CraneErrorId.DuplicateKey,
        $"duplicate container '{name}': '{second.Text}' expands to it, and so does '{first.Text}' at {first.Location}.",
        "Set the variables in these names so that they differ.").At(second.Location);
}

/// <summary>A declared container, with its name expanded; compared by reference.</summary>
/// <param name="index">Its position in the files.</param>
internal sealed class DeclaredContainer(int index, string name, MapEntry entry, CraneException? error)
{
    public int Index { get; } = index;

    public string Name { get; } = name;

    public MapEntry Entry { get; } = entry;

    /// <summary>Why it cannot be used; null if it can.</summary>
    public CraneException? Error { get; } = error;

    /// <summary>Its keys; null if it is empty.</summary>
    public MapNode? Body { get; } = entry.Value as MapNode;

    // A cheaper hash than that of the reference, which the runtime has to store.
    public override int GetHashCode() => Index;
}

/// <summary>A declared group, with its name expanded.</summary>
/// <param name="Name">The expanded name; as written if it cannot be expanded.</param>
/// <param name="Members">The items as written; null without a list.</param>
/// <param name="IsAtomic">Whether its images get their names together or not at all.</param>
internal sealed record DeclaredGroup(string Name, IReadOnlyList<ScalarNode>? Members, bool IsAtomic, CraneException? Error);

/// <summary>The groups of containers. Names that cannot be expanded are ignored here, and an error where they are selected.</summary>
internal sealed class GroupMembership
{
    private readonly Dictionary<DeclaredContainer, List<string>> _groups = [];

    public GroupMembership(ContainerIndex names)
    {
        foreach (var group in names.Groups.Where(group => group.Error is null))
        {
            foreach (var item in group.Members ?? [])
            {
                var name = names.Expand(item, out var error);
                if (error is null && names.Container(name) is { } member)
                    Add(member, group.Name);
            }
        }
    }

    public IReadOnlyList<string> GroupsOf(DeclaredContainer container) => _groups.GetValueOrDefault(container) ?? [];

    private void Add(DeclaredContainer member, string group)
    {
        if (!_groups.TryGetValue(member, out var groups))
            _groups[member] = groups = [];
        if (groups is not [.., var last] || last != group)
            groups.Add(group);
    }
}

/// <summary>The error for a name that is not declared. It is reported only for what is selected.</summary>
internal static class UndeclaredContainer
{
    /// <summary>The errors of hooks that belong to no container or group, and would never run.</summary>
    public static IEnumerable<CraneException> InHooks(CraneStack stack, IVariables variables)
    {
        var names = new ContainerIndex(stack, variables);
        foreach (var (key, _) in stack.Hooks?.Entries ?? [])
        {
            var name = names.Expand(key, out var error);
            if (error is not null)
                yield return error.ToException("a name in 'hooks'", key.Location);
            else if (names.Container(name) is null && names.Group(name) is null)
                yield return Error(names, name, "'hooks'", key.Location);
        }
    }

    public static CraneException Error(ContainerIndex names, string name, string owner, SourceLocation location) => new CraneException(
        CraneErrorId.UnknownContainer, $"{owner} names '{name}', which is not declared."
        + NearMatch.DidYouMean(names.Containers.Select(candidate => candidate.Name), name),
        "Declare the container, or correct the name.").At(location);
}

using Crane.CraneFile.Nodes;
using Crane.CraneFile.Variables;

namespace Crane.CraneFile.Selecting;

/// <summary>
/// The containers and groups of a stack by their expanded names. A name that cannot be expanded makes nothing fail but the
/// use of what it names.
/// </summary>
internal sealed class StackNames
{
    private readonly Dictionary<string, DeclaredContainer> _containersByName = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DeclaredGroup> _groupsByName = new(StringComparer.Ordinal);
    private readonly IVariables _variables;

    public StackNames(CraneStack stack, IVariables variables)
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
    public string Expand(ScalarNode item, out InterpolationFault? fault) => Interpolation.Expand(item.Text, _variables, out fault);

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
            reason = new InterpolationFault.Empty(variable, null);
        fault = reason?.ToException(place, key.Location);
        return fault is null ? name : key.Text;
    }

    private static CraneException TwoOfOneName(string name, ScalarNode first, ScalarNode second) => new(
        CraneErrorId.DuplicateKey,
        $"{second.Location}: the container name '{second.Text}' becomes '{name}', and so does '{first.Text}' at {first.Location}.",
        "Set the variables in these names so that each container has a name of its own.")
    { Location = second.Location };
}

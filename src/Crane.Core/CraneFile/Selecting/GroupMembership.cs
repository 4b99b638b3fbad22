namespace Crane.CraneFile.Selecting;

/// <summary>Which groups list a container. What cannot be expanded lists nothing; it is an error where it is selected.</summary>
internal sealed class GroupMembership
{
    private readonly Dictionary<DeclaredContainer, List<string>> _groups = [];

    public GroupMembership(StackNames names)
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

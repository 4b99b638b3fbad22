namespace Crane.CraneFile.Selecting;

/// <summary>
/// Decides which selected containers get their names together or not at all: those of an atomic group that was selected itself. Groups
/// that share a container are one group with the names of both, so that what each of them promises holds.
/// </summary>
internal static class AtomicGroups
{
    /// <param name="selected">The groups that were selected, with their members.</param>
    /// <param name="chosen">The selected containers, without excluded ones.</param>
    public static IReadOnlyDictionary<DeclaredContainer, string> Of(
        IEnumerable<(DeclaredGroup Group, IReadOnlyList<DeclaredContainer> Members)> selected, IReadOnlySet<DeclaredContainer> chosen)
    {
        var groups = new List<(IReadOnlyList<string> Names, HashSet<DeclaredContainer> Members)>();
        foreach (var (group, members) in selected.Where(each => each.Group.IsAtomic).DistinctBy(each => each.Group))
        {
            (IReadOnlyList<string> Names, HashSet<DeclaredContainer> Members) whole = ([group.Name], [.. members.Where(chosen.Contains)]);
            foreach (var other in groups.Where(other => other.Members.Overlaps(whole.Members)).ToList())
            {
                groups.Remove(other);
                whole = ([.. other.Names, .. whole.Names], [.. other.Members, .. whole.Members]);
            }

            groups.Add(whole);
        }

        return groups.SelectMany(group => group.Members, (group, member) => (member, Name: string.Join(", ", group.Names)))
            .ToDictionary(pair => pair.member, pair => pair.Name);
    }
}

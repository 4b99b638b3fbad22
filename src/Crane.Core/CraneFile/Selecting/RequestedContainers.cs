using Crane.Errors;
using Crane.Names;

namespace Crane.CraneFile.Selecting;

/// <summary>The containers that a request names, without dependencies.</summary>
internal sealed class RequestedContainers(ContainerIndex names)
{
    private const string DefaultGroup = "default";

    private readonly List<CraneException> _errors = [];
    private readonly List<(DeclaredGroup Group, IReadOnlyList<DeclaredContainer> Members)> _groups = [];

    /// <summary>Unknown names, and undeclared members of selected groups.</summary>
    public IReadOnlyList<CraneException> Errors => _errors;

    /// <summary>The groups that were named, or the group <c>default</c>, with their containers.</summary>
    public IReadOnlyList<(DeclaredGroup Group, IReadOnlyList<DeclaredContainer> Members)> Groups => _groups;

    /// <summary>The selected containers; without names, those of the group <c>default</c>, or all.</summary>
    public HashSet<DeclaredContainer> Chosen(SelectionRequest request)
    {
        if (request is { Name: [], Group: [] })
            return [.. names.Group(DefaultGroup) is { Members: not null } or { Error: not null } ? Named(DefaultGroup) : names.Containers];
        return [.. request.Name.SelectMany(Named), .. request.Group.SelectMany(Grouped)];
    }

    /// <summary>The excluded containers. An unknown name is an error here, too, since it would select what should be excluded.</summary>
    public HashSet<DeclaredContainer> Excluded(SelectionRequest request) => [.. request.Exclude.SelectMany(Named)];

    private IEnumerable<DeclaredContainer> Named(string name)
    {
        if (names.Group(name) is { } group)
            return Members(group);
        if (names.Container(name) is { } container)
            return [container];
        var pattern = new NamePattern(name);
        var matches = names.Containers.Where(candidate => pattern.Matches(candidate.Name)).ToList();
        if (matches.Count > 0 || NamePattern.HasWildcards(name))
            return matches;
        if (names.Groups.Where(candidate => pattern.Matches(candidate.Name)).ToList() is [_, ..] groups)
            return groups.SelectMany(Members);
        _errors.Add(Unknown(name));
        return [];
    }

    private IEnumerable<DeclaredContainer> Grouped(string name)
    {
        if (names.Group(name) is { } group)
            return Members(group);
        var pattern = new NamePattern(name);
        var matches = names.Groups.Where(candidate => pattern.Matches(candidate.Name)).ToList();
        if (matches.Count == 0 && !NamePattern.HasWildcards(name))
            _errors.Add(new CraneException(
                CraneErrorId.UnknownGroup,
                $"No group is called '{name}'.{NearMatch.DidYouMean(names.Groups.Select(candidate => candidate.Name), name)}",
                Known("groups", names.Groups.Select(candidate => candidate.Name)))
            { Subject = name });
        return matches.SelectMany(Members);
    }

    private List<DeclaredContainer> Members(DeclaredGroup group)
    {
        if (group.Error is not null)
            _errors.Add(group.Error);
        var members = new List<DeclaredContainer>();
        foreach (var item in group.Members ?? [])
        {
            var name = names.Expand(item, out var error);
            if (error is not null)
                _errors.Add(error.ToException($"group '{group.Name}'", item.Location));
            else if (names.Container(name) is { } member)
                members.Add(member);
            else
                _errors.Add(UndeclaredContainer.Error(names, name, $"group '{group.Name}'", item.Location));
        }

        _groups.Add((group, members));
        return members;
    }

    private CraneException Unknown(string name)
    {
        var candidates = names.Containers.Select(candidate => candidate.Name).Concat(names.Groups.Select(group => group.Name));
        return new CraneException(
            CraneErrorId.UnknownContainer, $"No container or group is called '{name}'.{NearMatch.DidYouMean(candidates, name)}",
            Known("containers", names.Containers.Select(candidate => candidate.Name)))
        { Subject = name };
    }

    private static string Known(string what, IEnumerable<string> known)
    {
        var first = known.Take(11).ToList();
        return first.Count == 0
            ? $"The crane file has no {what}."
            : $"Its {what} are {string.Join(", ", first.Take(10))}{(first.Count > 10 ? ", …" : "")}.";
    }
}

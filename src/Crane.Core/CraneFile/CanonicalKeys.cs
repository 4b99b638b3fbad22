using Crane.CraneFile.Compose;
using Crane.CraneFile.Model;
using Crane.CraneFile.Nodes;

namespace Crane.CraneFile;

/// <summary>Rewrites the spellings of older crane files and Compose files to one form, so that all merge key by key.</summary>
internal static class CanonicalKeys
{
    private static readonly IReadOnlyDictionary<string, string> BuildSpellings = SectionKeys.Build.Aliases;

    /// <summary>The sections that Crane uses, in canonical form.</summary>
    /// <param name="secrets">The secrets that the files of the stack declare.</param>
    public static MapNode Of(MapNode file, MapNode? secrets)
    {
        var root = ComposeSections.ToCrane(file, secrets);
        var containers = Union(Section(root, "containers"), Section(root, "services"));
        var entries = Change(Change(root, "remotes", Remotes), "groups", Groups).Entries
            .Where(entry => entry.Key.Text is "groups" or "hooks" or "registries" or "remotes" or "defaults" or "lock").ToList();
        if (containers is not null)
            entries.Add(containers with { Value = Containers((MapNode)containers.Value) });
        return root.With(entries);
    }

    private static MapEntry? Section(MapNode root, string key) => root.Entry(key) is { Value: MapNode } entry ? entry : null;

    private static MapEntry? Union(MapEntry? containers, MapEntry? services)
    {
        if (services is null)
            return containers;
        var key = services.Key.Scalar("containers");
        return containers is null
            ? services with { Key = key }
            : containers with { Value = MapMerge.Merge((MapNode)containers.Value, (MapNode)services.Value) };
    }

    private static MapNode Containers(MapNode containers) => containers.With(
        [.. containers.Entries.Select(entry => entry.Value is MapNode body ? entry with { Value = Container(body) } : entry)]);

    private static MapNode Container(MapNode body) => Change(Change(Change(body, "build", Build), "pull", Place), "push", Place);

    private static ConfigNode Build(ConfigNode build) => build switch
    {
        ScalarNode context => Wrapped(context, "context"),
        MapNode map when BuildSpellings.Keys.Any(map.Has) => Build(map),
        _ => build,
    };

    // The name of a remote replaces what an earlier file says: of two places only one is meant.
    private static ConfigNode Place(ConfigNode place) => place switch
    {
        ScalarNode remote => Wrapped(remote, "remote", isWhole: true),
        MapNode map => Change(map, "overwrite", Overwrite),
        _ => place,
    };

    private static ConfigNode Remotes(ConfigNode remotes) => Each(remotes, Place);

    private static ConfigNode Groups(ConfigNode groups) => Each(groups, group => group is ListNode ? Wrapped(group, "containers") : group);

    private static ConfigNode Each(ConfigNode section, Func<ConfigNode, ConfigNode> change) => section is MapNode map
        ? map.With([.. map.Entries.Select(entry => entry with { Value = change(entry.Value) })])
        : section;

    private static ConfigNode Overwrite(ConfigNode overwrite) => overwrite is ScalarNode mode ? Wrapped(mode, "mode") : overwrite;

    // If both spellings are present, crane 3 prefers its own to that of Compose.
    private static MapNode Build(MapNode build)
    {
        var entries = new List<MapEntry>(build.Entries.Count);
        foreach (var entry in build.Entries)
        {
            if (!BuildSpellings.TryGetValue(entry.Key.Text, out var canonical))
                entries.Add(entry);
            else if (!build.Has(canonical))
                entries.Add(entry with { Key = entry.Key.Scalar(canonical) });
        }

        return build.With(entries);
    }

    private static MapNode Change(MapNode body, string key, Func<ConfigNode, ConfigNode> change)
    {
        if (body.Find(key) is not { } value || change(value) is var changed && changed == value)
            return body;
        return body.With([.. body.Entries.Select(entry => entry.Key.Text == key ? entry with { Value = changed } : entry)]);
    }

    private static ConfigNode Wrapped(ConfigNode value, string key, bool isWhole = false) => value is ScalarNode { IsReset: true } ? value
        : new MapNode(value.File, value.Line, value.Column, [new MapEntry(value.Scalar(key), value)]) { IsWhole = isWhole };
}

using Crane.CraneFile.Nodes;

namespace Crane.CraneFile.Compose;

/// <summary>
/// Rewrites what a Compose file says in its own way (https://github.com/compose-spec/compose-spec) to the sections of a crane file:
/// <c>x-crane</c>, <c>extends</c> and the secrets of builds in each file, <c>profiles</c> in all of them together.
/// </summary>
internal static class ComposeSections
{
    /// <summary>The key under which a Compose file has what only Crane reads.</summary>
    public const string Extension = "x-crane";

    private static readonly string[] SectionNames = ["containers", "services"];
    private static readonly string[] Places = ["pull", "push"];

    /// <summary>The same file without the keys of Compose, except profiles; a file that has none of them as it is.</summary>
    /// <param name="secrets">The secrets that the files of the stack declare.</param>
    public static MapNode ToCrane(MapNode root, MapNode? secrets)
    {
        var changed = WithExtension(root);
        foreach (var name in SectionNames.Where(name => root.Find(name) is MapNode))
            changed = WithBodies(changed, name, secrets);
        return changed;
    }

    /// <summary>The sections of containers that a file has.</summary>
    public static IEnumerable<MapNode> Of(MapNode root) => SectionNames.Select(root.Find).OfType<MapNode>();

    /// <summary>The section of services, if the file has one.</summary>
    public static MapNode? Services(MapNode root) => root.Find("services") as MapNode;

    // A place at the top is that of every service which does not say where: a remote, and the default.
    private static MapNode WithExtension(MapNode root)
    {
        if (root.Find(Extension) is not MapNode extension)
            return root;
        var (entries, remotes, defaults) = (new List<MapEntry>(), new List<MapEntry>(), new List<MapEntry>());
        foreach (var (key, value) in extension.Entries)
        {
            if (!Places.Contains(key.Text))
                entries.Add(new MapEntry(key, value));
            else if (value is not MapNode)
                defaults.Add(new MapEntry(key, value));
            else
            {
                var remote = key.Scalar($"{Extension}.{key.Text}");
                remotes.Add(new MapEntry(remote, value));
                defaults.Add(new MapEntry(key, remote));
            }
        }

        if (defaults.Count > 0)
            entries = Joined(extension, entries, "defaults", defaults);
        if (remotes.Count > 0)
            entries = Joined(extension, entries, "remotes", remotes);
        return MapMerge.Merge(root.With([.. root.Entries.Where(entry => entry.Key.Text != Extension)]), extension.With(entries));
    }

    private static List<MapEntry> Joined(MapNode owner, List<MapEntry> entries, string section, IReadOnlyList<MapEntry> more)
    {
        var added = new MapEntry(owner.Scalar(section), owner.With(more));
        return [.. MapMerge.Merge(owner.With([added]), owner.With(entries)).Entries];
    }

    private static MapNode WithBodies(MapNode root, string name, MapNode? secrets)
    {
        var section = (MapNode)root.Find(name)!;
        var entries = section.Entries.Select(entry => ComposeExtends.BodyOf(section, entry) is { } body
            && ComposeSecrets.Resolve(WithPlaces(body), secrets) is var changed && changed != entry.Value
                ? entry with { Value = changed } : entry).ToList();
        return entries.SequenceEqual(section.Entries) ? root : root.Put(name, section.With(entries));
    }

    // What replaces the whole of an earlier x-crane replaces the places that it does not have, too.
    private static MapNode WithPlaces(MapNode body)
    {
        if (body.Find(Extension) is not { } extension)
            return body;
        var own = body.With([.. body.Entries.Where(entry => entry.Key.Text != Extension)]);
        return extension switch
        {
            MapNode { IsWhole: true } all => own.With(
                [.. own.Entries, .. all.Entries, .. Places.Where(place => !all.Has(place)).Select(place => Reset(all, place))]),
            MapNode map => MapMerge.Merge(own, map),
            ScalarNode { IsReset: true } => own.With([.. own.Entries, .. Places.Select(place => Reset(extension, place))]),
            _ => body,
        };
    }

    private static MapEntry Reset(ConfigNode at, string place) => new(at.Scalar(place), at.Reset());

    /// <summary>
    /// The merged files with profiles as groups. Services without a profile are the default, as for <c>docker compose pull</c>, whichever
    /// file they are in.
    /// </summary>
    public static MapNode WithProfiles(MapNode stack)
    {
        if (stack.Find("containers") is not MapNode services)
            return stack;
        var members = services.Entries
            .SelectMany(entry => Profiles(entry.Value), (entry, profile) => (entry.Key, Profile: profile))
            .GroupBy(member => member.Profile.Text, StringComparer.Ordinal).ToList();
        if (members.Count == 0)
            return stack;
        var groups = members.Select(profile => Group(profile.First().Profile, [.. profile.Select(member => member.Key)])).ToList();
        var always = services.Entries.Where(entry => !Profiles(entry.Value).Any()).Select(entry => entry.Key).ToList();
        if (always.Count > 0 && !members.Exists(profile => profile.Key == "default"))
            groups.Add(Group(services.Scalar("default"), always));
        var own = stack.Find("groups") as MapNode;
        return stack.Put("groups", stack.With(
            [.. own?.Entries ?? [], .. groups.Where(group => own?.Has(group.Key.Text) != true)]));
    }

    private static IEnumerable<ScalarNode> Profiles(ConfigNode service) =>
        ((service as MapNode)?.Find("profiles") as ListNode)?.Items.OfType<ScalarNode>() ?? [];

    private static MapEntry Group(ScalarNode name, IReadOnlyList<ScalarNode> members)
    {
        var containers = new ListNode(name.File, name.Line, name.Column, [.. members]);
        return new(name, new MapNode(name.File, name.Line, name.Column, [new MapEntry(name.Scalar("containers"), containers)]));
    }
}

using Crane.CraneFile.Nodes;

namespace Crane.CraneFile.Selecting;

/// <summary>
/// The keys of a container that name others. <c>requires</c> is ours; the others say how containers run, on the container
/// itself (crane 3, Compose) or under <c>run</c> (crane 1 and 2). Their shape is not judged: what does not fit names nothing.
/// </summary>
internal static class DependencyKeys
{
    private static readonly (string Key, Func<string, string?> NameOf)[] _keys =
    [
        ("requires", name => name),
        ("depends_on", name => name),
        ("link", BeforeColon),
        ("links", BeforeColon),
        ("volumes-from", BeforeColon),
        ("volumes_from", VolumesOf),
        ("net", NetworkOf),
        ("network_mode", NetworkOf),
    ];

    /// <summary>Each text that names a container, with how the name is read from its expanded form.</summary>
    public static IEnumerable<(ScalarNode Text, Func<string, string?> NameOf)> Of(MapNode? body)
    {
        if (body is null)
            yield break;
        foreach (var (key, nameOf) in _keys)
        {
            foreach (var text in Texts(body.Find(key)))
                yield return (text, nameOf);
            foreach (var text in Texts((body.Find("run") as MapNode)?.Find(key)))
                yield return (text, nameOf);
        }
    }

    private static IEnumerable<ScalarNode> Texts(ConfigNode? value) => value switch
    {
        ScalarNode { IsNull: false } text => [text],
        ListNode list => list.Items.OfType<ScalarNode>().Where(item => !item.IsNull),
        MapNode map => map.Entries.Select(entry => entry.Key),
        _ => [],
    };

    // name:alias, name:ro
    private static string BeforeColon(string text) => text.Split(':')[0];

    // Compose writes container:NAME for a container of somebody else.
    private static string? VolumesOf(string text) =>
        text.StartsWith("container:", StringComparison.Ordinal) ? null : BeforeColon(text);

    private static string? NetworkOf(string text) => text.Split(':') is ["container" or "service", var name] ? name : null;
}

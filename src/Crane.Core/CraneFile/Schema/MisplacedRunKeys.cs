using Crane.CraneFile.Nodes;

namespace Crane.CraneFile.Schema;

/// <summary>
/// Keys of <c>run</c> that stand directly on a container. Crane 3 has them there, crane 1 and 2 do not: in a file whose
/// other containers have <c>run</c>, it was forgotten.
/// </summary>
internal static class MisplacedRunKeys
{
    /// <summary>The misplaced keys of a file; none where the file is of the newer form throughout.</summary>
    public static IReadOnlyList<ScalarNode> In(MapNode root)
    {
        if (root.Find("containers") is not MapNode containers)
            return [];
        var bodies = containers.Entries.Select(entry => entry.Value).OfType<MapNode>().ToLookup(body => body.Has("run"));
        return bodies[true].Any()
            ? [.. bodies[false].SelectMany(body => body.Entries).Select(entry => entry.Key).Where(key => KnownKeys.Run.Contains(key.Text))]
            : [];
    }
}

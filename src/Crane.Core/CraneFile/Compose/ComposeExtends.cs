using Crane.CraneFile.Nodes;

namespace Crane.CraneFile.Compose;

/// <summary>
/// Reads <c>extends</c> of a service: another service of the same file, over which its own keys are merged
/// (https://github.com/compose-spec/compose-spec/blob/main/05-services.md#extends).
/// </summary>
internal static class ComposeExtends
{
    /// <summary>Its key.</summary>
    public const string Key = "extends";

    /// <summary>The body of a service with what it extends; null if it has none.</summary>
    public static MapNode? BodyOf(MapNode services, MapEntry service) => Body(services, service.Value as MapNode, []);

    private static MapNode? Body(MapNode services, MapNode? body, IReadOnlyList<MapNode> inner)
    {
        if (body?.Find(Key) is not { } extends || Target(extends) is not { } target || inner.Contains(body)
            || Body(services, services.Find(target.Text) as MapNode, [.. inner, body]) is not { } extended)
            return body;
        // Services that are only for other services do not hand these on.
        var handedOn = extended.Entries.Where(entry => entry.Key.Text is not ("depends_on" or "profiles"));
        return MapMerge.Merge(extended.With([.. handedOn]), body);
    }

    /// <summary>Whether a service extends itself.</summary>
    public static bool IsCycle(MapNode services, string name)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var next = name; seen.Add(next);)
        {
            if ((services.Find(next) as MapNode)?.Find(Key) is not { } extends || Target(extends) is not { } target)
                return false;
            next = target.Text;
        }

        return true;
    }

    /// <summary>The name of the service in the same file; null for another value.</summary>
    public static ScalarNode? Target(ConfigNode extends) => extends switch
    {
        ScalarNode { IsNull: false } name => name,
        MapNode map when !map.Has("file") => map.Find("service") as ScalarNode,
        _ => null,
    };
}

namespace Crane.Adapters.Building;

/// <summary>The keys of a build section that are lists of names with values.</summary>
internal static class BuildPairs
{
    /// <summary>Labels by their names; of two with one name the last counts.</summary>
    public static Dictionary<string, string> Labels(ContainerBuild build)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var parts in (build.Label ?? []).Select(label => label.Split('=', 2)))
            values[parts[0]] = parts.Length > 1 ? parts[1] : "";
        return values;
    }

    /// <summary>
    /// Hosts with their addresses, from <c>HOST:ADDRESS</c>; docker's command line also takes <c>HOST=ADDRESS</c>, and brackets
    /// around an IPv6 address.
    /// </summary>
    public static IReadOnlyList<(string Host, string Address)> Hosts(ContainerBuild build) =>
        [.. (build.AddHost ?? []).Select(Host)];

    private static (string Host, string Address) Host(string text)
    {
        var separator = text.AsSpan().IndexOfAny('=', ':');
        if (separator < 0)
            return (text, "");
        var address = text[(separator + 1)..];
        return (text[..separator], address is ['[', .. var inner, ']'] ? inner : address);
    }
}

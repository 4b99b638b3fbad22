namespace Crane.Adapters.Dockerfiles;

/// <summary>The keys of a build section that are lists of names with values. Of two with one name the last counts.</summary>
internal static class BuildValues
{
    /// <summary>
    /// Build arguments. One that has no value and is not in the environment is left out: the Dockerfile's own default stays in
    /// force.
    /// </summary>
    /// <param name="build">The build.</param>
    /// <param name="variables">Where an argument without a value takes it from, as docker does: the environment.</param>
    public static Dictionary<string, string> Arguments(ContainerBuild build, Func<string, string?> variables)
    {
        var arguments = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var parts in (build.Argument ?? []).Select(argument => argument.Split('=', 2)))
        {
            if ((parts.Length > 1 ? parts[1] : variables(parts[0])) is { } value)
                arguments[parts[0]] = value;
        }

        return arguments;
    }

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
    public static IReadOnlyList<(string Host, string Address)> Hosts(ContainerBuild build) => [.. (build.AddHost ?? []).Select(text =>
    {
        var separator = text.AsSpan().IndexOfAny('=', ':');
        var address = separator < 0 ? "" : text[(separator + 1)..];
        return (separator < 0 ? text : text[..separator], address is ['[', .. var inner, ']'] ? inner : address);
    })];
}

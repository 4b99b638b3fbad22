namespace Crane.Adapters.Dockerfiles;

/// <summary>The options of a build that affect its Dockerfile.</summary>
internal sealed record DockerfileOptions
{
    /// <summary>Build arguments with their values. Names are case-sensitive.</summary>
    public IReadOnlyDictionary<string, string> BuildArguments { get; init; } = new Dictionary<string, string>();

    /// <summary>The name of the stage to build; null or empty for the last one.</summary>
    public string? Target { get; init; }

    /// <summary>The platform of the image, as <c>os/arch[/variant]</c>; null for the builder's own.</summary>
    public string? TargetPlatform { get; init; }

    /// <summary>The builder's own platform; null for Linux on this machine's architecture.</summary>
    public string? BuildPlatform { get; init; }

    /// <summary>The options of a build for the first of its platforms.</summary>
    public static DockerfileOptions Of(ContainerBuild build, Func<string, string?> variables) => new()
    {
        BuildArguments = BuildValues.Arguments(build, variables),
        Target = build.Target,
        TargetPlatform = build.Platform?[0],
    };

    /// <summary>The options of a build for each of its platforms, or once where it has none.</summary>
    public static IEnumerable<DockerfileOptions> ForPlatforms(ContainerBuild build, Func<string, string?> variables)
    {
        var options = Of(build, variables);
        return build.Platform?.Select(platform => options with { TargetPlatform = platform }) ?? [options];
    }
}

/// <summary>The keys of a build section that are lists of names with values. Of duplicates, the last one is used.</summary>
internal static class BuildValues
{
    /// <summary>Build arguments. One without a value that is not in the environment is left to the default of the Dockerfile.</summary>
    /// <param name="build">The build.</param>
    /// <param name="variables">The environment, for arguments without a value.</param>
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

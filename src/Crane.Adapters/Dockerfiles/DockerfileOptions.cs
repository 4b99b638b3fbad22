namespace Crane.Adapters.Dockerfiles;

/// <summary>What a build adds to its Dockerfile.</summary>
internal sealed record DockerfileOptions
{
    /// <summary>Build arguments, those without a value of their own resolved. Case matters.</summary>
    public IReadOnlyDictionary<string, string> BuildArguments { get; init; } = new Dictionary<string, string>();

    /// <summary>Name of the stage to build; null or empty means the last one.</summary>
    public string? Target { get; init; }

    /// <summary>The platform that is built for, as <c>os/arch[/variant]</c>; null means the builder's own.</summary>
    public string? TargetPlatform { get; init; }

    /// <summary>The builder's own platform; null means Linux on this machine's architecture.</summary>
    public string? BuildPlatform { get; init; }

    /// <summary>What a build adds, the first of its platforms taken.</summary>
    /// <param name="build">The build.</param>
    /// <param name="variables">Where an argument without a value takes it from: the environment.</param>
    public static DockerfileOptions Of(ContainerBuild build, Func<string, string?> variables) => new()
    {
        BuildArguments = BuildValues.Arguments(build, variables),
        Target = build.Target,
        TargetPlatform = build.Platform?[0],
    };

    /// <summary>What a build adds for each of its platforms; once where it names none.</summary>
    /// <param name="build">The build.</param>
    /// <param name="variables">Where an argument without a value takes it from: the environment.</param>
    public static IEnumerable<DockerfileOptions> ForPlatforms(ContainerBuild build, Func<string, string?> variables)
    {
        var options = Of(build, variables);
        return build.Platform?.Select(platform => options with { TargetPlatform = platform }) ?? [options];
    }
}

using Crane.Adapters.Dockerfiles;

namespace Crane.Adapters.Tests.Building.Dockerfiles;

/// <summary>Dockerfiles as tests write them.</summary>
internal static class Dockerfile
{
    public const string Path = "/src/web/Dockerfile";

    public static DockerfileBases Read(string dockerfile, DockerfileOptions? options = null) =>
        new ParsedDockerfile(dockerfile, Path).Bases(options ?? new DockerfileOptions { BuildPlatform = "linux/amd64" });

    /// <summary>What the build of the target needs; of the last stage where none is given.</summary>
    public static IEnumerable<string> Needed(string dockerfile, string? target = null) =>
        Read(dockerfile, new DockerfileOptions { Target = target }).NeededForTarget.Select(image => image.Name);

    public static IEnumerable<string> All(string dockerfile) => Read(dockerfile).All.Select(image => image.Name);

    /// <summary>The one base of a Dockerfile whose lines are ARGs and a FROM.</summary>
    public static string Base(string dockerfile, params (string Name, string Value)[] arguments) =>
        Assert.Single(Read(dockerfile, WithArguments(arguments)).NeededForTarget).Name;

    public static DockerfileOptions WithArguments(params (string Name, string Value)[] arguments) => new()
    {
        BuildArguments = arguments.ToDictionary(argument => argument.Name, argument => argument.Value),
        BuildPlatform = "linux/amd64",
    };

    public static CraneException Error(string dockerfile, DockerfileOptions? options = null) =>
        Assert.Throws<CraneException>(() => Read(dockerfile, options));
}

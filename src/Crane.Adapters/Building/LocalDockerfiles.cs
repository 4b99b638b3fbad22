using Crane.Adapters.Building.Dockerfiles;
using Crane.Building;
using Crane.Configuration;

namespace Crane.Adapters.Building;

/// <summary>Reads the Dockerfiles of build contexts on this machine.</summary>
/// <param name="variables">Where a build argument without a value takes it from, as docker does: the environment.</param>
internal sealed class LocalDockerfiles(Func<string, string?> variables) : IDockerfiles
{
    private const string DefaultName = "Dockerfile";

    /// <inheritdoc/>
    public DockerfileImages Read(ContainerBuild build)
    {
        if (FilePath.IsRemoteContext(build.Context))
            return DockerfileImages.Unknown;
        var path = Path.Combine(build.Context, build.File ?? DefaultName);
        var options = new DockerfileOptions
        {
            BuildArguments = Arguments(build),
            Target = build.Target,
            TargetPlatform = build.Platform?[0],
        };
        var bases = DockerfileReader.Read(DockerfileText.Read(path), path, options);
        return new DockerfileImages(
            bases.Parent?.Name, [.. bases.NeededForTarget.Select(image => new DockerfileImage(image.Name, path, image.Line))]);
    }

    // One that is neither given nor in the environment leaves the Dockerfile's own default in force.
    private Dictionary<string, string> Arguments(ContainerBuild build)
    {
        var arguments = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var argument in build.Argument ?? [])
        {
            var equals = argument.IndexOf('=', StringComparison.Ordinal);
            var name = equals < 0 ? argument : argument[..equals];
            if ((equals < 0 ? variables(name) : argument[(equals + 1)..]) is { } value)
                arguments[name] = value;
        }

        return arguments;
    }
}

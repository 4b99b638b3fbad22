using Crane.Adapters.Building.Dockerfiles;
using Crane.Building;
using Crane.Configuration;

namespace Crane.Adapters.Building;

/// <summary>Reads the Dockerfiles of build contexts on this machine.</summary>
/// <param name="variables">Where a build argument without a value takes it from, as docker does: the environment.</param>
internal sealed class LocalDockerfiles(Func<string, string?> variables) : IDockerfiles
{
    /// <inheritdoc/>
    public DockerfileImages Read(ContainerBuild build)
    {
        if (FilePath.IsRemoteContext(build.Context))
            return DockerfileImages.Unknown;
        var path = DockerfilePlace.Find(build.Context, build.File).Path;
        var text = DockerfileText.Read(path);
        var source = new DockerfileSource(path, text);
        var bases = DockerfileReader.Read(text, path, DockerfileOptions.Of(build, variables));
        return new DockerfileImages(
            bases.Parent?.Name, [.. bases.NeededForTarget.Select(image => new DockerfileImage(image.Name, path, image.Line))])
        {
            // Of several with one name BuildKit takes the image of that name for each.
            Stages = bases.NeededStages.GroupBy(stage => stage.Name)
                .ToDictionary(same => same.Key, same => source.Locate(same.First().Line)),
        };
    }
}

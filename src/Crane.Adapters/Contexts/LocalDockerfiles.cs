using Crane.Adapters.Dockerfiles;
using Crane.Building;
using Crane.CraneFile.Selecting;

namespace Crane.Adapters.Contexts;

/// <summary>Reads the Dockerfiles of build contexts on this machine.</summary>
/// <param name="variables">The environment, for build arguments without a value.</param>
internal sealed class LocalDockerfiles(Func<string, string?> variables) : IDockerfiles
{
    /// <inheritdoc/>
    public DockerfileImages Read(ContainerBuild build)
    {
        if (FilePath.IsRemoteContext(build.Context))
            return DockerfileImages.Unknown;
        var path = DockerfileLocation.Find(build.Context, build.File).Path;
        var dockerfile = ParsedDockerfile.Read(path);
        // Platforms differ in the values of variables, not in their stages.
        var bases = DockerfileOptions.ForPlatforms(build, variables).Select(dockerfile.Bases).ToList();
        var needed = bases.SelectMany(each => each.NeededForTarget).DistinctBy(image => image.Name).ToList();
        var contexts = NamedContext.Of(build);
        var parent = bases[0].Parent is { } from ? Locate(from) : null;
        return new DockerfileImages(parent?.Name, [.. needed.Select(Locate).OfType<DockerfileImage>()])
        {
            Unneeded = [.. bases[0].DownToTarget.ExceptBy(needed.Select(image => image.Name), image => image.Name)
                .Select(Locate).OfType<DockerfileImage>()],
            // Of several with one name, the first is reported.
            Stages = bases[0].NeededStages.GroupBy(stage => stage.Name)
                .ToDictionary(same => same.Key, same => dockerfile.Source.Locate(same.First().Line)),
        };

        // Null for a name that is no image: that of a folder or an address.
        DockerfileImage? Locate(BaseImage image) => contexts.LastOrDefault(context => context.IsNamedBy(image.Name)) is not { } context
            ? new(image.Name, path, image.Line)
            : context.Image is { } name ? new(name, path, image.Line) { Context = context.Name } : null;
    }
}

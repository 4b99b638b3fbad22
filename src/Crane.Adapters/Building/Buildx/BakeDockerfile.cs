using Crane.CraneFile.Selecting;

namespace Crane.Adapters.Building.Buildx;

/// <summary>The Dockerfile of a build as bake finds it.</summary>
internal static class BakeDockerfile
{
    /// <summary>
    /// Its path; null for the default. Of a link out of the context, which BuildKit does not follow, where that leads.
    /// </summary>
    public static string? Of(ContainerBuild build)
    {
        if (FilePath.IsRemoteContext(build.Context))
            return build.File;
        try
        {
            var place = DockerfilePlace.Find(build.Context, build.File);
            return place.IsOutside && place.Source != place.Path ? place.Source : build.File;
        }
        catch (CraneException)
        {
            // Who builds is told when the Dockerfile is read.
            return build.File;
        }
    }
}

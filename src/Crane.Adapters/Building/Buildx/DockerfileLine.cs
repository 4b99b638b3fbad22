using Crane.Adapters.Building.Dockerfiles;
using Crane.CraneFile.Selecting;

namespace Crane.Adapters.Building.Buildx;

/// <summary>A line of the Dockerfile of a build.</summary>
internal static class DockerfileLine
{
    /// <summary>The place of a line; null where there is none, or only the builder sees that Dockerfile.</summary>
    public static SourceLocation? Locate(ContainerBuild build, int? line)
    {
        if (line is not { } number || FilePath.IsRemoteContext(build.Context))
            return null;
        try
        {
            var path = DockerfilePlace.Find(build.Context, build.File).Path;
            var source = new DockerfileSource(path, DockerfileText.Read(path));
            return number >= 1 && number <= source.LineCount ? source.Locate(number) : null;
        }
        catch (CraneException)
        {
            // It has changed since it was built; what went wrong is told all the same.
            return null;
        }
    }
}

using Crane.Moving.Engine;

namespace Crane.Building;

/// <summary>The errors about images that Dockerfiles name and the crane file declares.</summary>
internal static class BaseFaults
{
    /// <summary>A builder would look for the image in a public registry, where that name is somebody else's.</summary>
    /// <param name="named">The image.</param>
    /// <param name="image">Where the Dockerfile names it.</param>
    /// <param name="local">What the engine has under that name; null for nothing.</param>
    /// <param name="engine">The engine; null where none was asked.</param>
    public static CraneException NotFound(BuildBase named, DockerfileImage image, LocalImage? local, string? engine)
    {
        var place = $"{image.File}:{image.Line}";
        var here = local is not null ? $"is in {engine} for {string.Join(", ", local.Platforms)} only" : engine is null ? "is not built here" : $"is not in {engine}";
        if (named.Origin == BaseOrigin.Unknown)
            return new CraneException(
                CraneErrorId.BaseNotFound,
                $"{place}: the image '{named.Name}' {here}, and the plan does not know whether the crane file declares it: the "
                    + "Dockerfile is another one than when the plan was made.",
                "Make the plan again, or name the container instead of piping it.");
        if (local is not null && named.Declared?.PullReference is { } reference)
            return new CraneException(
                CraneErrorId.BaseNotFound, $"{place}: the image '{named.Name}' {here}.",
                $"Build with -Builder Buildx, which takes it from {reference}, or build it for that platform.");
        var what = named.Declared is { Container: null } ? "is another tag of an image of" : "is one of";
        return new CraneException(
            CraneErrorId.BaseNotFound,
            $"{place}: the image '{named.Image}' {what} the crane file, {here}, and no pull section says where it comes from. A public "
                + "registry is not asked for it.",
            named.Declared?.Container is { } container
                ? $"Build it with '{container}', or -WithDependency, or give '{container}' a pull section."
                : "Build or pull it, or give its container a pull section.");
    }
}

namespace Crane.Building;

/// <summary>
/// The bases of builds that another program runs, on any builder, at any time: no engine is asked what it has, and no registry
/// for a digest, which may be another one by then.
/// </summary>
internal static class ExportedBases
{
    /// <summary>The builds with what the images are that their Dockerfiles name.</summary>
    /// <exception cref="CraneException">BaseNotFound for an image of the crane file that comes from nowhere.</exception>
    public static IReadOnlyList<GraphBuild> AddTo(IReadOnlyList<GraphBuild> builds, BaseNames names, IDockerfiles dockerfiles)
    {
        var made = builds.Select(build => build.Target).ToHashSet();
        return builds.Select(build => build with
        {
            Bases = new BuildBases(dockerfiles.Read(build.Build).Images.Select(image => Of(build.Plan, image)).ToList(), Pull: false),
        }).ToList();

        BuildBase Of(RetagPlan plan, DockerfileImage image)
        {
            var named = names.Of(plan, ImageName.Parse(image.Name));
            if (named.Origin == BaseOrigin.Open || made.Contains(named.Image))
                return named;
            return ImageName.TryParse(named.Declared?.PullReference, out var reference)
                ? named with { Image = reference, IsRemote = true }
                : throw BaseFaults.NotFound(named, image, null, null).About(plan);
        }
    }
}

using Crane.Names;

namespace Crane.Planning;

/// <summary>How a container is built: its context → its plain name.</summary>
internal static class BuildPlan
{
    /// <exception cref="CraneException">MissingImage, InvalidImageName, DigestWithoutTag.</exception>
    public static RetagPlan For(CraneContainer container)
    {
        if (container.Build is not { } build)
            return ContainerPlan.Skipped(container, RetagOperation.Build, "no build context") with { Target = container.Image ?? "" };

        var target = Retag.Local(ContainerPlan.ImageOf(container));
        return ContainerPlan.Planned(container, RetagOperation.Build) with
        {
            Source = build.Context,
            Target = target.ToString(),
            Step = DockerSteps.Build(build, target),
            Build = build,
            Requires = container.Requires,
        };
    }
}

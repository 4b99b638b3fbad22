using Crane.Names;

namespace Crane.Planning;

/// <summary>How a container is built: its context → its plain name.</summary>
internal static class BuildPlan
{
    /// <exception cref="CraneException">MissingImage, InvalidImageName, DigestWithoutTag, InvalidValue for a section that is not whole.</exception>
    public static RetagPlan For(CraneContainer container)
    {
        if (container.Build is not { } build)
            return ContainerPlan.Skipped(container, RetagOperation.Build, "no build context") with { Target = container.Image ?? "" };

        if (build.IsContextOnly)
        {
            throw new CraneException(
                CraneErrorId.InvalidValue,
                $"Container '{container.Name}' comes from a format that keeps only the context of its build section.",
                "Keep containers that are to be built as JSON or CliXml, or read the crane file again.");
        }

        var target = Retag.Local(ContainerPlan.ImageOf(container));
        return ContainerPlan.Planned(container, RetagOperation.Build) with
        {
            Source = build.Context,
            Target = target.ToString(),
            Step = DockerSteps.Build(build, target),
        };
    }
}

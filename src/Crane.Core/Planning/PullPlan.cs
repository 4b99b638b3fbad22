using Crane.Names;

namespace Crane.Planning;

/// <summary>How a container is pulled: its remote name → its plain name.</summary>
internal static class PullPlan
{
    /// <exception cref="CraneException">MissingImage, InvalidImageName, InvalidRegistry, DigestWithoutTag.</exception>
    public static RetagPlan For(CraneContainer container)
    {
        var directed = container.Pull is { Registry: not null } or { OverrideUser: not null };
        if (container.Build is not null && !directed)
            return ContainerPlan.Skipped(container, RetagOperation.Pull, "built here") with { Target = container.Image ?? "" };

        var image = ContainerPlan.ImageOf(container);
        var source = Retag.Remote(image, container.Pull?.Registry, container.Pull?.OverrideUser);
        var target = Retag.Local(image);
        return ContainerPlan.Planned(container, RetagOperation.Pull) with
        {
            Source = source.ToString(),
            Target = target.ToString(),
            Step = DockerSteps.Pull(source, target),
        };
    }
}

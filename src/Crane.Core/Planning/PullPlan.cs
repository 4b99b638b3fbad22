using Crane.CraneFile.Model;

namespace Crane.Planning;

/// <summary>How a container is pulled: its remote name → its plain name.</summary>
internal static class PullPlan
{
    /// <exception cref="CraneException">MissingImage, InvalidImageName, InvalidRegistry, DigestWithoutTag.</exception>
    public static RetagPlan For(CraneContainer container)
    {
        if (ContainerNames.Pulled(container) is not { } source)
            return ContainerPlan.Skipped(container, RetagOperation.Pull, ContainerPlan.BuiltHere(container)) with { Target = container.Image ?? "" };

        return ContainerPlan.Planned(container, RetagOperation.Pull).Moving(source, ContainerNames.Plain(container));
    }
}

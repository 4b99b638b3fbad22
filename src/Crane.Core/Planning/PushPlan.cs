using Crane.Names;

namespace Crane.Planning;

/// <summary>How a container is pushed: its plain name → its remote name, once for each tag of <c>push.tag</c>.</summary>
internal static class PushPlan
{
    /// <exception cref="CraneException">MissingImage, InvalidImageName, InvalidRegistry, DigestWithoutTag, InvalidValue for a tag.</exception>
    public static IReadOnlyList<RetagPlan> For(CraneContainer container)
    {
        if (container.Push is { Skip: true })
            return [ContainerPlan.Skipped(container, RetagOperation.Push, "push.skip") with { Source = container.Image ?? "" }];

        var image = ContainerPlan.ImageOf(container);
        var source = Retag.Local(image);
        var remote = Retag.Remote(image, container.Push?.Registry, container.Push?.OverrideUser);
        IEnumerable<ImageName> targets = container.Push is { Tag: { } tags }
            ? tags.Select(tag => remote.WithoutDigest().WithTag(tag))
            : [remote];
        return targets.Select(target => ContainerPlan.Planned(container, RetagOperation.Push) with
        {
            Source = source.ToString(),
            Target = target.ToString(),
            Step = DockerSteps.Push(source, target),
        }).ToList();
    }
}

using Crane.Configuration;

namespace Crane.Planning;

/// <summary>How a container is pushed: its plain name → its remote name, once for each tag of <c>push.tag</c>; skipped where nothing says where to.</summary>
internal static class PushPlan
{
    /// <exception cref="CraneException">MissingImage, InvalidImageName, InvalidRegistry, DigestWithoutTag.</exception>
    public static IReadOnlyList<RetagPlan> For(CraneContainer container)
    {
        var targets = ContainerNames.Pushed(container);
        if (targets is [])
        {
            var reason = container.Push is { Skip: true } ? "push.skip" : "no push directive";
            return [ContainerPlan.Skipped(container, RetagOperation.Push, reason) with { Source = container.Image ?? "" }];
        }

        var source = ContainerNames.Plain(container);
        var plan = ContainerPlan.Planned(container, RetagOperation.Push);
        return [.. targets.Select(target => plan.Moving(source, target))];
    }
}

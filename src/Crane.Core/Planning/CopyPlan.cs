namespace Crane.Planning;

/// <summary>How a container is copied from registry to registry: what a pull reads → what a push writes, once for each tag.</summary>
internal static class CopyPlan
{
    /// <exception cref="CraneException">MissingImage, InvalidImageName, InvalidRegistry, DigestWithoutTag.</exception>
    public static IReadOnlyList<RetagPlan> For(CraneContainer container)
    {
        var pull = PullPlan.For(container);
        if (pull.Status == RetagStatus.Skipped)
            return [ContainerPlan.Skipped(container, RetagOperation.Copy, pull.Reason) with { Target = pull.Target }];
        return PushPlan.For(container).Select(push => Join(container, pull.Source, push)).ToList();
    }

    private static RetagPlan Join(CraneContainer container, string source, RetagPlan push)
    {
        if (push.Status == RetagStatus.Skipped)
            return ContainerPlan.Skipped(container, RetagOperation.Copy, push.Reason) with { Source = source };
        var (from, to) = (ImageName.Parse(source), ImageName.Parse(push.Target));
        return from.WithoutDigest() == to.WithoutDigest()
            ? ContainerPlan.Skipped(container, RetagOperation.Copy, "pulled from where it is pushed to") with { Source = source, Target = push.Target }
            : ContainerPlan.Planned(container, RetagOperation.Copy).Moving(from, to);
    }
}

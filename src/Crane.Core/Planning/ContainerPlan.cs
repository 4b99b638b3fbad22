using Crane.CraneFile.Model;

namespace Crane.Planning;

/// <summary>What every plan takes from its container.</summary>
internal static class ContainerPlan
{
    public static RetagPlan Planned(CraneContainer container, RetagOperation operation) => new()
    {
        Container = container.Name,
        Operation = operation,
        Status = RetagStatus.Planned,
        Push = operation is RetagOperation.Pull or RetagOperation.Build ? container.Push?.ToString() : null,
        RegistrySetting = container.RegistrySetting,
        Path = container.Path,
        Line = container.Line,
        Origin = container.Origin,
    };

    public static RetagPlan Skipped(CraneContainer container, RetagOperation operation, string reason) =>
        Planned(container, operation) with { Status = RetagStatus.Skipped, Reason = reason };

    /// <summary>Why an image that is built here is not pulled: by the container itself, or by another of its crane files.</summary>
    public static string BuiltHere(CraneContainer container) =>
        container.BuiltBy is { } other ? $"built here by '{other}'" : "built here";
}

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

    /// <summary>
    /// How an image is pushed that a pull or build has put here, as its container says. One that is not here, or not as it
    /// should be, is skipped: what has its name here is something else.
    /// </summary>
    /// <exception cref="CraneException">As for <see cref="For"/>; the result is the target.</exception>
    public static IReadOnlyList<RetagPlan> After(RetagResult made)
    {
        try
        {
            var container = new CraneContainer
            {
                Name = made.Container,
                Image = ImageOf(made),
                Push = made.Push is { } text
                    ? ContainerPush.Of(DirectiveText.Read(text, SectionKeys.Push, $"the plan for '{made.Target}'"))
                    : null,
                RegistrySetting = made.RegistrySetting,
                Path = made.Path,
                Line = made.Line,
                Origin = made.Plan.Origin,
            };
            return WhyNotHere(made) is { } reason
                ? [ContainerPlan.Skipped(container, RetagOperation.Push, reason) with { Source = made.Target }]
                : For(container);
        }
        catch (CraneException error)
        {
            throw error.About(made);
        }
    }

    // What was pulled by its digest is pushed by it.
    private static string ImageOf(RetagResult made) =>
        made.Operation == RetagOperation.Pull && ImageName.TryParse(made.Source, out var source) && source.Digest is { } digest
            ? $"{made.Target}@{digest}"
            : made.Target;

    private static string? WhyNotHere(RetagResult made)
    {
        var operation = made.Operation == RetagOperation.Build ? "build" : "pull";
        return made.Status switch
        {
            RetagStatus.Failed => $"{operation} failed: {made.Error?.Split('\n')[0]}",
            RetagStatus.Canceled => $"{operation} was canceled",
            RetagStatus.Planned => $"{operation} was not run",
            RetagStatus.Skipped when made.Reason != BuildPlan.UpToDate => $"{operation} was skipped: {made.Reason}",
            _ => null,
        };
    }
}

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

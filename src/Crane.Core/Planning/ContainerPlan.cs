using Crane.CraneFile.Model;

namespace Crane.Planning;

/// <summary>The part that all plans of a container share.</summary>
internal static class ContainerPlan
{
    public static RetagPlan Planned(CraneContainer container, RetagOperation operation) => new()
    {
        Container = container.Name,
        Operation = operation,
        Status = RetagStatus.Planned,
        AtomicGroup = container.AtomicGroup,
        Hook = container.Hook?.GateOnly,
        Push = operation is RetagOperation.Pull or RetagOperation.Build ? container.Push?.ToString() : null,
        RegistrySetting = container.RegistrySetting,
        Path = container.Path,
        Line = container.Line,
        Origin = container.Origin,
    };

    public static RetagPlan Skipped(CraneContainer container, RetagOperation operation, string reason) =>
        Planned(container, operation) with { Status = RetagStatus.Skipped, Reason = reason };

    /// <summary>The plan, whose pre-tag hook can be run.</summary>
    /// <exception cref="CraneException">InvalidValue, at the hook.</exception>
    public static RetagPlan Gated(CraneContainer container, RetagPlan plan)
    {
        _ = container.Read("pre-tag", plan, HookCommand.Gate);
        return plan;
    }

    /// <summary>The reason for not pulling an image that this or another container builds.</summary>
    public static string BuiltHere(CraneContainer container) => container.BuiltBy is { } other ? $"built here by '{other}'" : "built here";
}

/// <summary>Plans pulls: remote name → plain name.</summary>
internal static class PullPlan
{
    /// <exception cref="CraneException">MissingImage, InvalidImageName, InvalidRegistry, DigestWithoutTag, InvalidValue for a hook.</exception>
    public static RetagPlan For(CraneContainer container)
    {
        var isBuilt = container.Build is not null || container.BuiltBy is not null;
        var names = new ContainerNames(container);
        // With a directive, it is for Compose, which would ask Docker Hub.
        if (container is { PullPolicy: PullPolicy.Never or PullPolicy.Build, Pull: not { IsDirective: true } } && !isBuilt)
            return Skipped(container, names, $"pull_policy is {container.PullPolicy}");
        if ((isBuilt && container.PullPolicy is PullPolicy.Build) || names.Pulled() is not { } source)
            return Skipped(container, names, ContainerPlan.BuiltHere(container));
        BuildValues.CheckPlatform(container);
        var plan = ContainerPlan.Planned(container, RetagOperation.Pull) with { Platform = container.Platform };
        return ContainerPlan.Gated(container, plan.Moving(source, names.Plain()));
    }

    private static RetagPlan Skipped(CraneContainer container, ContainerNames names, string reason) =>
        ContainerPlan.Skipped(container, RetagOperation.Pull, reason) with { Target = names.Written() };
}

/// <summary>Plans pushes: plain name → remote name, once for each tag of <c>push.tag</c>; skipped without a push directive.</summary>
internal static class PushPlan
{
    /// <exception cref="CraneException">MissingImage, InvalidImageName, InvalidRegistry, DigestWithoutTag, InvalidValue for a hook.</exception>
    public static IReadOnlyList<RetagPlan> For(CraneContainer container)
    {
        var names = new ContainerNames(container);
        var targets = names.Pushed();
        if (targets is [])
        {
            var reason = container.Push is { Skip: true } ? "push.skip" : "no push directive";
            return [ContainerPlan.Skipped(container, RetagOperation.Push, reason) with { Source = names.Written() }];
        }

        var source = names.Plain();
        var plan = ContainerPlan.Planned(container, RetagOperation.Push);
        return [.. targets.Select(target => ContainerPlan.Gated(
            container, plan.Moving(source, target) with { Overwrite = OverwriteRule.Of(container.Push, target) }))];
    }

    /// <summary>Plans the push of a pulled or built image. It is skipped if that did not succeed: the local image is another one.</summary>
    /// <exception cref="CraneException">As for <see cref="For"/>; the result is the subject.</exception>
    public static IReadOnlyList<RetagPlan> After(RetagResult result)
    {
        try
        {
            var container = new CraneContainer
            {
                Name = result.Container,
                Image = ImageOf(result),
                Push = result.Push is { } push
                    ? ContainerPush.Of(DirectiveText.Read(push, SectionKeys.ContainerPush, $"the plan for '{result.Target}'"))
                    : null,
                AtomicGroup = result.AtomicGroup,
                Hook = result.Hook,
                RegistrySetting = result.RegistrySetting,
                Path = result.Path,
                Line = result.Line,
                Origin = result.Plan.Origin,
            };
            return WhyNotHere(result) is { } reason
                ? [ContainerPlan.Skipped(container, RetagOperation.Push, reason) with { Source = result.Target }]
                : For(container);
        }
        catch (CraneException error)
        {
            throw error.About(result);
        }
    }

    // An image pulled by digest is pushed with that digest.
    private static string ImageOf(RetagResult result) =>
        result.Operation == RetagOperation.Pull && ImageName.TryParse(result.Source, out var source) && source.Digest is { } digest
            ? $"{result.Target}@{digest}"
            : result.Target;

    private static string? WhyNotHere(RetagResult result)
    {
        var operation = result.Operation == RetagOperation.Build ? "build" : "pull";
        return result.Status switch
        {
            RetagStatus.Failed => $"{operation} failed: {result.Error?.Split('\n')[0]}",
            RetagStatus.Canceled => $"{operation} was canceled",
            RetagStatus.Planned => $"{operation} was not run",
            RetagStatus.Skipped when result.Reason != BuildPlan.UpToDate => $"{operation} was skipped: {result.Reason}",
            _ => null,
        };
    }
}

/// <summary>Plans copies from registry to registry: the source of a pull → the targets of a push.</summary>
internal static class CopyPlan
{
    /// <exception cref="CraneException">MissingImage, InvalidImageName, InvalidRegistry, DigestWithoutTag, InvalidValue for a hook.</exception>
    public static IReadOnlyList<RetagPlan> For(CraneContainer container)
    {
        // The policy is about images on this machine.
        var pull = PullPlan.For(container with { PullPolicy = null });
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
            ? ContainerPlan.Skipped(container, RetagOperation.Copy, "pulled from where it is pushed to") with
            {
                Source = source,
                Target = push.Target,
            }
            : ContainerPlan.Planned(container, RetagOperation.Copy).Moving(from, to) with { Overwrite = push.Overwrite };
    }
}

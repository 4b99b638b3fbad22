using Crane.CraneFile.Model;

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

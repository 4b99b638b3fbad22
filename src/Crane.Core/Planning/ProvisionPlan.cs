namespace Crane.Planning;

/// <summary>How images get here under their plain names: those of others are pulled, ours are built.</summary>
internal static class ProvisionPlan
{
    /// <summary>The plan of a container.</summary>
    /// <param name="container">The container.</param>
    /// <param name="preferPull">Whether what is built here is pulled first where its pull section says from where.</param>
    /// <exception cref="CraneException">MissingImage, InvalidImageName, InvalidRegistry, DigestWithoutTag, InvalidValue.</exception>
    public static RetagPlan For(CraneContainer container, bool preferPull)
    {
        if (container.Build is null)
        {
            var pull = PullPlan.For(container);
            return container.BuiltBy is null || (preferPull && pull.Status == RetagStatus.Planned)
                ? pull
                : ContainerPlan.Skipped(container, RetagOperation.Pull, ContainerPlan.BuiltHere(container)) with { Target = pull.Target };
        }

        var build = BuildPlan.For(container);
        return preferPull && PullPlan.For(container) is { Status: RetagStatus.Planned } preferred
            ? build with { PullReference = preferred.Source, Reason = $"where {preferred.Source} does not exist" }
            : build;
    }

    /// <summary>What of a plan is pulled: all of it, or the image in place of a build; null for nothing.</summary>
    public static RetagPlan? PullOf(RetagPlan plan) => plan switch
    {
        { Operation: RetagOperation.Pull } => plan,
        { PullReference: { } source } => plan with
        {
            Operation = RetagOperation.Pull,
            Source = source,
            Reason = "",
            Base = [],
            Build = null,
            PullReference = null,
            Hook = null,
            HookedContainer = null,
            Requires = [],
        },
        _ => null,
    };

    /// <summary>
    /// The plans for one image made one: what a plan among them builds is not pulled for another container. Its name may
    /// well be somebody else's in the registry that it is looked for. The Path stays that of the build: in its folder hooks
    /// run, and from there options name files.
    /// </summary>
    public static IReadOnlyList<RetagPlan> Merge(IReadOnlyList<RetagPlan> plans)
    {
        var builds = new Dictionary<string, RetagPlan>(StringComparer.Ordinal);
        foreach (var build in plans.Where(plan => plan is { Operation: RetagOperation.Build, Status: RetagStatus.Planned }))
            builds.TryAdd(Key(build), build);
        return plans.Select(plan => plan.Operation == RetagOperation.Pull && builds.TryGetValue(Key(plan), out var build)
            // What is built by the container itself has its plan already.
            && (plan.Status == RetagStatus.Planned || plan.Container != build.Container)
            ? build with { Container = plan.Container, HookedContainer = build.Container, Push = plan.Push, Origin = plan.Origin }
            : plan).ToList();
    }

    private static string Key(RetagPlan plan) =>
        ImageName.TryParse(plan.Target, out var name) ? name.WithoutDigest().SameImageKey : plan.Target;
}

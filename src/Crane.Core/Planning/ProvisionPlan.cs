namespace Crane.Planning;

/// <summary>Plans how images get their plain names: ours are built, the others pulled.</summary>
internal static class ProvisionPlan
{
    /// <param name="preferPull">Whether an image that is built here is pulled if its pull section says from where.</param>
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
            ? build with { PullReference = preferred.Source, Reason = $"if {preferred.Source} does not exist" }
            : build;
    }

    /// <summary>The pull of a plan: the plan itself, or the pull that replaces a build; null for none.</summary>
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
            Hook = plan.Hook?.GateOnly,
            HookedContainer = plan.Hook?.GateOnly is null ? null : plan.HookedContainer,
            Requires = [],
        },
        _ => null,
    };

    /// <summary>
    /// Merges plans for the same image: what one plan builds is not pulled for another container, since its name may be somebody else's in
    /// the registry. The Path stays that of the build, because hooks and paths of options are relative to it.
    /// </summary>
    public static IReadOnlyList<RetagPlan> Merge(IReadOnlyList<RetagPlan> plans)
    {
        var builds = new Dictionary<string, RetagPlan>(StringComparer.Ordinal);
        foreach (var build in plans.Where(plan => plan is { Operation: RetagOperation.Build, Status: RetagStatus.Planned }))
            builds.TryAdd(Key(build), build);
        return plans.Select(plan => plan.Operation == RetagOperation.Pull && builds.TryGetValue(Key(plan), out var build)
            // The building container has its plan already.
            && (plan.Status == RetagStatus.Planned || plan.Container != build.Container)
            ? build with
            {
                Container = plan.Container,
                HookedContainer = build.Container,
                AtomicGroup = plan.AtomicGroup,
                Push = plan.Push,
                Origin = plan.Origin,
            }
            : plan).ToList();
    }

    private static string Key(RetagPlan plan) =>
        ImageName.TryParse(plan.Target, out var name) ? name.WithoutDigest().SameImageKey : plan.Target;
}

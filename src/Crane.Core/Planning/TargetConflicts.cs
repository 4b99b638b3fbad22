namespace Crane.Planning;

/// <summary>Keeps plans that would overwrite each other from being run.</summary>
internal static class TargetConflicts
{
    /// <summary>
    /// Takes out the plans of one operation that have a target in common and different sources, and says so for each
    /// of them. The same image named by several containers is no conflict: its source is the same, too.
    /// </summary>
    public static PlanningResult TakeOut(IReadOnlyList<RetagPlan> plans)
    {
        var rivals = new Dictionary<RetagPlan, IReadOnlyList<RetagPlan>>(ReferenceEqualityComparer.Instance);
        foreach (var group in plans.Where(plan => plan.Status == RetagStatus.Planned).GroupBy(plan => (plan.Operation, TargetKey(plan))))
        {
            if (group.Select(SourceKey).Distinct(StringComparer.Ordinal).Skip(1).Any())
            {
                IReadOnlyList<RetagPlan> all = [.. group];
                foreach (var plan in all)
                    rivals.Add(plan, all);
            }
        }

        return rivals.Count == 0
            ? new PlanningResult(plans, [])
            : new PlanningResult(
                plans.Where(plan => !rivals.ContainsKey(plan)).ToList(),
                plans.Where(rivals.ContainsKey).Select(plan => Conflict(plan, rivals[plan])).ToList());
    }

    private static CraneException Conflict(RetagPlan plan, IReadOnlyList<RetagPlan> rivals)
    {
        var sources = rivals.Select(rival => $"{Quoted(rival.Container)}{rival.ShownSource}").Distinct(StringComparer.Ordinal);
        var (problem, advice) = plan.Operation == RetagOperation.Build
            ? ($"{plan.Target} would be built in different ways",
                "Give them different images or tags, or the same build section and hooks, or leave all but one out.")
            : ($"several sources would be written to {plan.Target}",
                "Give them different images or tags, another registry or override_user, or leave all but one out.");
        return new CraneException(
            CraneErrorId.TargetConflict,
            $"{plan.Operation} of {Quoted(plan.Container)}{plan.ShownSource}: {problem}: {string.Join(", ", sources)}. "
                + "Nothing is moved for any of them.",
            advice)
        {
            Target = plan,
        };

        static string Quoted(string container) => container.Length == 0 ? "" : $"'{container}' ";
    }

    private static string TargetKey(RetagPlan plan) =>
        ImageName.TryParse(plan.Target, out var name) ? name.WithoutDigest().FullName : plan.Target;

    // Builds differ where their contexts do or any of their flags, and the command line shows every one of these; or where
    // something else is done around them, such as making what is built.
    private static string SourceKey(RetagPlan plan) =>
        plan.Operation == RetagOperation.Build ? string.Join('\n', [plan.Source, .. plan.Step, $"{plan.Hook}", $"{plan.PreferredPull}"])
        : ImageName.TryParse(plan.Source, out var name) ? name.FullName
        : plan.Source;
}

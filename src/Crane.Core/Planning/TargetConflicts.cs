namespace Crane.Planning;

/// <summary>Keeps plans that would overwrite each other from being run.</summary>
internal static class TargetConflicts
{
    /// <summary>
    /// Takes out the plans of one operation that have a target in common and different sources, and says so for each
    /// of them. The same image named by several containers is no conflict: its source is the same, too. An engine writes
    /// the remote name of a push or pull locally as well, so that must be no other plan's plain name either.
    /// </summary>
    public static PlanningResult TakeOut(IReadOnlyList<RetagPlan> plans)
    {
        var planned = plans.Where(plan => plan.Status == RetagStatus.Planned).ToList();
        var rivals = new Dictionary<RetagPlan, IReadOnlyList<RetagPlan>>(ReferenceEqualityComparer.Instance);
        foreach (var group in planned.GroupBy(plan => (plan.Operation, Key(plan.Target))))
        {
            if (group.Select(SourceKey).Distinct(StringComparer.Ordinal).Skip(1).Any())
            {
                IReadOnlyList<RetagPlan> all = [.. group];
                foreach (var plan in all)
                    rivals.Add(plan, all);
            }
        }

        var clashes = LocalClashes(planned.Where(plan => !rivals.ContainsKey(plan)));
        return rivals.Count + clashes.Count == 0
            ? new PlanningResult(plans, [])
            : new PlanningResult(
                plans.Where(plan => !rivals.ContainsKey(plan) && !clashes.ContainsKey(plan)).ToList(),
                [.. plans.Where(rivals.ContainsKey).Select(plan => Conflict(plan, rivals[plan])),
                    .. plans.Where(clashes.ContainsKey).Select(plan => Clash(plan, clashes[plan]))]);
    }

    /// <summary>For each plan that is part of one, the plan whose remote name is the other one's plain name.</summary>
    private static Dictionary<RetagPlan, (RetagPlan Remote, RetagPlan Plain)> LocalClashes(IEnumerable<RetagPlan> plans)
    {
        var clashes = new Dictionary<RetagPlan, (RetagPlan Remote, RetagPlan Plain)>(ReferenceEqualityComparer.Instance);
        foreach (var operation in new[] { RetagOperation.Pull, RetagOperation.Push })
        {
            var moves = plans.Where(plan => plan.Operation == operation)
                .Select(plan => (Plan: plan, Source: Key(plan.Source), Target: Key(plan.Target)))
                .Where(move => move.Source != move.Target)
                .Select(move => operation == RetagOperation.Push
                    ? (move.Plan, Plain: move.Source, Remote: move.Target)
                    : (move.Plan, Plain: move.Target, Remote: move.Source))
                .ToList();
            var byPlain = moves.ToLookup(move => move.Plain, move => move.Plan, StringComparer.Ordinal);
            foreach (var (remote, _, name) in moves)
                foreach (var plain in byPlain[name])
                {
                    clashes.TryAdd(remote, (remote, plain));
                    clashes.TryAdd(plain, (remote, plain));
                }
        }

        return clashes;
    }

    private static CraneException Clash(RetagPlan plan, (RetagPlan Remote, RetagPlan Plain) clash)
    {
        var (name, verb) = plan.Operation == RetagOperation.Push ? (clash.Remote.Target, "pushes") : (clash.Remote.Source, "pulls");
        return Located(plan, new CraneException(
            CraneErrorId.TargetConflict,
            $"{plan.Operation} of {Quoted(plan.Container)}{plan.Source}: {Quoted(clash.Remote.Container)}{verb} {name}, which an engine "
                + $"then has under that name, too, and that is the plain name of {Quoted(clash.Plain.Container)}"
                + $"{clash.Plain.Source} → {clash.Plain.Target}. Nothing is moved for either.",
            "Give one of them another image, registry or override_user, or run them one after the other."));
    }

    private static CraneException Conflict(RetagPlan plan, IReadOnlyList<RetagPlan> rivals)
    {
        var sources = rivals.Select(rival => $"{Quoted(rival.Container)}{rival.ShownSource}").Distinct(StringComparer.Ordinal);
        var (problem, advice) = plan.Operation == RetagOperation.Build
            ? ($"{plan.Target} would be built in different ways",
                "Give them different images or tags, or the same build section and hooks, or leave all but one out.")
            : ($"several sources would be written to {plan.Target}",
                "Give them different images or tags, another registry or override_user, or leave all but one out.");
        return Located(plan, new CraneException(
            CraneErrorId.TargetConflict,
            $"{plan.Operation} of {Quoted(plan.Container)}{plan.ShownSource}: {problem}: {string.Join(", ", sources)}. "
                + "Nothing is moved for any of them.",
            advice));
    }

    // The target of a push is made by its directives; everything else is written to the image's own name.
    private static CraneException Located(RetagPlan plan, CraneException error)
    {
        var value = plan.Operation is RetagOperation.Push or RetagOperation.Copy
            ? plan.Origin.Find("push.registry") ?? plan.Origin.Find("push.override_user")
            : null;
        return ((value ?? plan.Origin.Find("image"))?.Locate(error, $"container '{plan.Container}'") ?? error).About(plan);
    }

    private static string Quoted(string container) => container.Length == 0 ? "" : $"'{container}' ";

    private static string Key(string image) => ImageName.TryParse(image, out var name) ? name.WithoutDigest().SameImageKey : image;

    // Builds differ where their contexts do or any of their flags, and the command line shows every one of these; or where
    // something else is done around them, such as making what is built.
    private static string SourceKey(RetagPlan plan) =>
        plan.Operation == RetagOperation.Build ? string.Join('\n', [plan.Source, .. plan.Step, $"{plan.Hook}", $"{plan.PullReference}"])
        : ImageName.TryParse(plan.Source, out var name) ? name.SameImageKey
        : plan.Source;
}

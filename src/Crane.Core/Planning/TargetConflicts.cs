namespace Crane.Planning;

/// <summary>Finds plans that would overwrite each other.</summary>
internal static class TargetConflicts
{
    /// <summary>
    /// Replaces the plans of an operation that have the same target and different sources by an error for each of them. The same image in
    /// several containers is no conflict. A pull or push through an engine also creates the remote name locally, so that must not be the
    /// plain name of another plan. Copies run at the same time, so none may read what another one writes.
    /// </summary>
    public static PlanningResult TakeOut(IReadOnlyList<RetagPlan> plans)
    {
        var planned = plans.Where(plan => plan.Status == RetagStatus.Planned).ToList();
        var rivals = new Dictionary<RetagPlan, IReadOnlyList<RetagPlan>>(ReferenceEqualityComparer.Instance);
        var keys = new ImageKeys(planned.Count);
        foreach (var group in planned.GroupBy(plan => plan.Operation).SelectMany(plans => WithSharedTarget([.. plans], keys)))
        {
            if (group.Select(SourceKey).Distinct(StringComparer.Ordinal).Skip(1).Any())
            {
                IReadOnlyList<RetagPlan> all = [.. group];
                foreach (var plan in all)
                    rivals.Add(plan, all);
            }
        }

        var clashes = Clashes(planned.Where(plan => !rivals.ContainsKey(plan)), keys);
        return rivals.Count + clashes.Count == 0
            ? new PlanningResult(plans, [])
            : new PlanningResult(
                plans.Where(plan => !rivals.ContainsKey(plan) && !clashes.ContainsKey(plan)).ToList(),
                [.. plans.Where(rivals.ContainsKey).Select(plan => Conflict(plan, rivals[plan])),
                    .. plans.Where(clashes.ContainsKey).Select(plan => Clash(plan, clashes[plan]))]);
    }

    /// <summary>The groups of more than one plan with the same target, of which there are few, if any.</summary>
    private static IEnumerable<IGrouping<string, RetagPlan>> WithSharedTarget(IReadOnlyList<RetagPlan> plans, ImageKeys keys)
    {
        var known = new HashSet<string>(plans.Count, StringComparer.Ordinal);
        var shared = plans.Select(plan => keys.Of(plan.Target)).Where(target => !known.Add(target)).ToHashSet(StringComparer.Ordinal);
        return shared.Count == 0 ? [] : plans.Where(plan => shared.Contains(keys.Of(plan.Target))).GroupBy(plan => keys.Of(plan.Target));
    }

    /// <summary>
    /// For each plan in such a clash, the plan whose remote name is the plain name of the other one. Of a copy, the source is taken for the
    /// remote name, and the target for the plain name.
    /// </summary>
    private static Dictionary<RetagPlan, (RetagPlan Remote, RetagPlan Plain)> Clashes(
        IEnumerable<RetagPlan> plans, ImageKeys keys)
    {
        var clashes = new Dictionary<RetagPlan, (RetagPlan Remote, RetagPlan Plain)>(ReferenceEqualityComparer.Instance);
        foreach (var operation in new[] { RetagOperation.Pull, RetagOperation.Push, RetagOperation.Copy })
        {
            var moves = plans.Where(plan => plan.Operation == operation).Select(plan => KeyedMove.Of(plan, keys))
                .Where(move => move.Plain != move.Remote)
                .ToList();
            var names = moves.Select(move => move.Plain).ToHashSet(StringComparer.Ordinal);
            var remotes = moves.Where(move => names.Contains(move.Remote) && !IsPinnedCopy(move.Plan)).ToList();
            if (remotes.Count == 0)
                continue;
            var byPlain = moves.ToLookup(move => move.Plain, move => move.Plan, StringComparer.Ordinal);
            foreach (var remote in remotes)
                foreach (var plain in byPlain[remote.Remote])
                {
                    clashes.TryAdd(remote.Plan, (remote.Plan, plain));
                    clashes.TryAdd(plain, (remote.Plan, plain));
                }
        }

        return clashes;
    }

    // What a digest names does not change.
    private static bool IsPinnedCopy(RetagPlan plan) => plan.Operation == RetagOperation.Copy
        && (plan.Digest is not null || (ImageName.TryParse(plan.Source, out var source) && source.ContentDigest is not null));

    private static CraneException Clash(RetagPlan plan, (RetagPlan Remote, RetagPlan Plain) clash)
    {
        if (plan.Operation == RetagOperation.Copy)
            return Located(plan, new CraneException(
                CraneErrorId.TargetConflict,
                $"Copy of {Quoted(plan.Container)}{plan.Source}: {clash.Remote.Source} would be read for {clash.Remote.Target} while it is "
                    + $"written from {clash.Plain.Source}. Neither is run.",
                "Run them one after the other, or name the source with its digest."));
        var (verb, name) = plan.Operation == RetagOperation.Push ? ("pushing", clash.Remote.Target) : ("pulling", clash.Remote.Source);
        var owner = clash.Remote.Container.Length == 0 ? "" : $" for '{clash.Remote.Container}'";
        return Located(plan, new CraneException(
            CraneErrorId.TargetConflict,
            $"{plan.Operation} of {Quoted(plan.Container)}{plan.Source}: {verb} {name}{owner} also creates that name in the engine, where "
                + $"it is the plain name of {Quoted(clash.Plain.Container)}{clash.Plain.Source} → {clash.Plain.Target}. Neither is run.",
            "Give one of them another image, registry or override_user, or run them one after the other."));
    }

    private static CraneException Conflict(RetagPlan plan, IReadOnlyList<RetagPlan> rivals)
    {
        var names = rivals.Select(rival => rival.Container.Length > 0 ? $"'{rival.Container}'" : rival.ShownSource)
            .Distinct(StringComparer.Ordinal).ToList();
        var subject = names.Count switch
        {
            1 => $"several plans of {names[0]} would",
            2 => $"{names[0]} and {names[1]} would both",
            _ => $"{string.Join(", ", names.SkipLast(1))} and {names[^1]} would all",
        };
        var (action, advice) = plan.Operation == RetagOperation.Build
            ? ($"build {plan.Target} in different ways",
                "Give them different images or tags, or the same build section and hooks, or keep only one.")
            : ($"{plan.Operation.ToString().ToLowerInvariant()} to {plan.Target}",
                "Give them different images or tags, another registry or override_user, or keep only one.");
        var sources = rivals.Select(rival => rival.Digest is null || rival.Source.EndsWith(rival.Digest, StringComparison.Ordinal)
            ? rival.ShownSource : $"{rival.ShownSource}@{rival.Digest}").Distinct(StringComparer.Ordinal);
        return Located(plan, new CraneException(
            CraneErrorId.TargetConflict, $"{subject} {action} (from {string.Join(", ", sources)}). None of them is run.", advice));
    }

    // Directives decide the target of a push; that of everything else is the image's own name.
    private static CraneException Located(RetagPlan plan, CraneException error)
    {
        var value = plan.Operation is RetagOperation.Push or RetagOperation.Copy
            ? plan.Origin.Find("push.registry") ?? plan.Origin.Find("push.override_user")
            : null;
        return ((value ?? plan.Origin.Find("image"))?.Locate(error, $"container '{plan.Container}'") ?? error).About(plan);
    }

    private static string Quoted(string container) => container.Length == 0 ? "" : $"'{container}' ";

    // Builds differ by their context, their flags, which are all on the command line, their hooks, and the image pulled instead.
    private static string SourceKey(RetagPlan plan) =>
        plan.Operation == RetagOperation.Build ? string.Join('\n', [plan.Source, .. plan.Step, $"{plan.Hook}", $"{plan.PullReference}"])
        : $"{(ImageName.TryParse(plan.Source, out var name) ? name.SameImageKey : plan.Source)}\n{plan.Digest}";

    /// <summary>A pull or push with the keys of its two names in the engine.</summary>
    private sealed record KeyedMove(RetagPlan Plan, string Plain, string Remote)
    {
        public static KeyedMove Of(RetagPlan plan, ImageKeys keys)
        {
            var (source, target) = (keys.Of(plan.Source), keys.Of(plan.Target));
            return plan.Operation == RetagOperation.Push ? new(plan, source, target) : new(plan, target, source);
        }
    }

    /// <summary>What tells images apart, whatever their digest. A large stack has each name several times, and is asked for each again.</summary>
    private sealed class ImageKeys(int plans)
    {
        // Of sources and targets.
        private readonly Dictionary<string, string> _keys = new(2 * plans, StringComparer.Ordinal);

        public string Of(string image)
        {
            if (!_keys.TryGetValue(image, out var key))
                _keys[image] = key = ImageName.TryParse(image, out var name) ? name.WithoutDigest().SameImageKey : image;
            return key;
        }
    }
}

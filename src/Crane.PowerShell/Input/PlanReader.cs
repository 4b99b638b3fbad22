namespace Crane.Input;

/// <summary>Reads plans and results, live or from another program's hands.</summary>
internal static class PlanReader
{
    // What decides what is done. Of the others a near miss does no harm.
    private static readonly string[] Deciding =
    [
        nameof(RetagPlan.Container), nameof(RetagPlan.Operation), nameof(RetagPlan.Source), nameof(RetagPlan.Target),
        nameof(RetagPlan.Status), nameof(RetagPlan.Build), nameof(RetagPlan.PullReference), nameof(RetagPlan.Push), nameof(RetagPlan.Hook),
        nameof(RetagPlan.HookedContainer), nameof(RetagPlan.Requires), nameof(RetagPlan.RegistrySetting),
    ];

    public static bool IsPlan(PSObject input) =>
        input.BaseObject is RetagPlan or RetagResult || (input.Has(nameof(RetagPlan.Source)) && input.Has(nameof(RetagPlan.Target)));

    /// <summary>
    /// The plan; a result is the plan that it was, to be run again. One that does not say its operation is of the one that is
    /// expected: two columns are enough of a plan.
    /// </summary>
    /// <exception cref="CraneException">InvalidValue, UnknownKey, DuplicateKey.</exception>
    public static RetagPlan Read(PSObject input, RetagOperation operation) => input.BaseObject switch
    {
        RetagPlan plan => plan,
        RetagResult result => result.Plan,
        _ => Rebuild(input, operation),
    };

    /// <summary>The result of a pull or a build, whose image can be pushed; null for anything else.</summary>
    /// <exception cref="CraneException">As for <see cref="Read"/>; InvalidValue where it has lost where the image is pushed to.</exception>
    public static RetagResult? ReadMade(PSObject input)
    {
        if (!IsPlan(input) || input.BaseObject is RetagPlan)
            return null;
        var plan = Read(input, RetagOperation.Push);
        if (plan.Operation is not (RetagOperation.Pull or RetagOperation.Build))
            return null;
        if (input.BaseObject is RetagResult live)
            return live;
        var status = input.Member<RetagStatus>(nameof(RetagResult.Status)) ?? RetagStatus.Planned;
        if (!input.Has(nameof(RetagResult.Duration)) && status is RetagStatus.Planned or RetagStatus.Skipped)
            return null;
        input.Need(nameof(RetagResult.Push), Owner(input), nameof(RetagOperation.Push));
        return new RetagResult(plan) { Status = status, Error = input.String(nameof(RetagResult.Error)) };
    }

    public static CraneException OperationMismatch(RetagPlan plan, IReadOnlyList<RetagOperation> wanted) => new(
        CraneErrorId.OperationMismatch,
        $"The plan {plan} is a {plan.Operation} plan, and this cmdlet runs {string.Join(" and ", wanted)} plans.",
        $"Give it to the cmdlet of its operation, or filter with: Where-Object Operation -in {string.Join(", ", wanted)}")
    {
        Target = plan,
    };

    private static RetagPlan Rebuild(PSObject input, RetagOperation operation)
    {
        var owner = Owner(input);
        input.RefuseNearMisses(owner, Deciding);
        var sections = new SectionReader(input, owner);
        return new RetagPlan
        {
            Container = input.String(nameof(RetagPlan.Container)) ?? "",
            Operation = input.Member<RetagOperation>(nameof(RetagPlan.Operation)) ?? operation,
            Source = input.String(nameof(RetagPlan.Source)) ?? "",
            Target = input.String(nameof(RetagPlan.Target)) ?? "",
            Status = input.Member<RetagStatus>(nameof(RetagPlan.Status)) == RetagStatus.Skipped ? RetagStatus.Skipped : RetagStatus.Planned,
            Reason = input.String(nameof(RetagPlan.Reason)) ?? "",
            Base = input.Strings(nameof(RetagPlan.Base)),
            DeclaredBase = sections.DeclaredBases(),
            Build = sections.Build(),
            PullReference = input.String(nameof(RetagPlan.PullReference)),
            Push = sections.Push()?.ToString(),
            Hook = sections.Hook(),
            HookedContainer = input.String(nameof(RetagPlan.HookedContainer)),
            Requires = input.Strings(nameof(RetagPlan.Requires)),
            RegistrySetting = sections.RegistrySettings(),
            Path = input.String(nameof(RetagPlan.Path)),
            Line = input.Number(nameof(RetagPlan.Line)),
        };
    }

    private static string Owner(PSObject input) =>
        $"the plan for '{input.String(nameof(RetagPlan.Target)) ?? input.String(nameof(RetagPlan.Source))}'";
}

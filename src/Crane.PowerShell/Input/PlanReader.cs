namespace Crane.Input;

/// <summary>Reads plans and results: live objects, or objects with the same properties.</summary>
internal static class PlanReader
{
    // Properties that decide what is done, so that a typo in one is an error.
    internal static readonly string[] CheckedProperties =
    [
        nameof(RetagPlan.Container), nameof(RetagPlan.Operation), nameof(RetagPlan.Source), nameof(RetagPlan.Target),
        nameof(RetagPlan.Digest), nameof(RetagPlan.TargetDigest), nameof(RetagPlan.Overwrite), nameof(RetagPlan.AtomicGroup),
        nameof(RetagPlan.Status), nameof(RetagPlan.Build), nameof(RetagPlan.PullReference), nameof(RetagPlan.Push), nameof(RetagPlan.Hook),
        nameof(RetagPlan.HookedContainer), nameof(RetagPlan.Requires), nameof(RetagPlan.RegistrySetting), nameof(RetagPlan.Platform),
    ];

    private static readonly string[] ResultProperties =
    [
        .. CheckedProperties, nameof(RetagResult.PreviousDigest), nameof(RetagResult.PreviousId), nameof(RetagResult.Engine),
    ];

    public static bool IsPlan(PSObject input) =>
        input.BaseObject is RetagPlan or RetagResult || (input.Has(nameof(RetagPlan.Source)) && input.Has(nameof(RetagPlan.Target)));

    /// <summary>Reads a plan, or the plan of a result; without an operation it has the given one.</summary>
    /// <exception cref="CraneException">InvalidValue, UnknownKey, DuplicateKey.</exception>
    public static RetagPlan Read(PSObject input, RetagOperation defaultOperation) =>
        input.Live<RetagPlan>(CheckedProperties) ?? LiveResult(input)?.Plan
            ?? input.ReadOf(Owner(input), plan => Rebuild(plan, defaultOperation));

    /// <summary>Reads a result, with what its target was before.</summary>
    /// <exception cref="CraneException">UnknownObject for a plan or another object; otherwise as for <see cref="Read"/>.</exception>
    public static RetagResult ReadResult(PSObject input)
    {
        if (LiveResult(input) is { } live)
            return live;
        if (!IsPlan(input) || !input.Has(nameof(RetagResult.PreviousDigest)) || !input.Has(nameof(RetagResult.PreviousId)))
            throw input.NotRecognized(
                "a result of Invoke-CranePull, Invoke-CraneBuild, Invoke-CranePush or Copy-CraneImage", "what one of these has emitted");
        input.Require(nameof(RetagResult.Engine), Owner(input), "Undo-CraneRetag");
        return new RetagResult(Read(input, RetagOperation.Pull))
        {
            Status = input.Member<RetagStatus>(nameof(RetagResult.Status)) ?? RetagStatus.Planned,
            Digest = input.String(nameof(RetagResult.Digest)),
            PreviousDigest = input.String(nameof(RetagResult.PreviousDigest)),
            PreviousId = input.String(nameof(RetagResult.PreviousId)),
            Engine = input.String(nameof(RetagResult.Engine)) ?? "",
        };
    }

    /// <summary>Reads the result of a pull or a build, whose image can be pushed; null for anything else.</summary>
    /// <exception cref="CraneException">As for <see cref="Read"/>; InvalidValue if the property Push is missing.</exception>
    public static RetagResult? ReadPushable(PSObject input)
    {
        if (!IsPlan(input) || input.BaseObject is RetagPlan)
            return null;
        var plan = Read(input, RetagOperation.Push);
        if (plan.Operation is not (RetagOperation.Pull or RetagOperation.Build))
            return null;
        if (LiveResult(input) is { } live)
            return live;
        var status = input.Member<RetagStatus>(nameof(RetagResult.Status)) ?? RetagStatus.Planned;
        if (!input.Has(nameof(RetagResult.Duration)) && status is RetagStatus.Planned or RetagStatus.Skipped)
            return null;
        input.Require(nameof(RetagResult.Push), Owner(input), nameof(RetagOperation.Push));
        return new RetagResult(plan) { Status = status, Error = input.String(nameof(RetagResult.Error)) };
    }

    public static CraneException OperationMismatch(RetagPlan plan, IReadOnlyList<RetagOperation> expected) => new CraneException(
        CraneErrorId.OperationMismatch,
        $"The plan {plan} is a {plan.Operation} plan, but this cmdlet runs {string.Join(" and ", expected)} plans.",
        $"Pipe it to {CmdletFor(plan.Operation)}, or filter with: Where-Object Operation -in {string.Join(", ", expected)}").About(plan);

    private static RetagResult? LiveResult(PSObject input) => input.Live<RetagResult>(ResultProperties);

    private static string CmdletFor(RetagOperation operation) => operation switch
    {
        RetagOperation.Pull => "Invoke-CranePull",
        RetagOperation.Build => "Invoke-CraneBuild",
        RetagOperation.Push => "Invoke-CranePush",
        _ => "Copy-CraneImage",
    };

    private static RetagPlan Rebuild(PSObject input, RetagOperation defaultOperation)
    {
        var owner = Owner(input);
        input.RefuseTypos(owner, CheckedProperties);
        var sections = new SectionReader(input, owner);
        var status = input.Member<RetagStatus>(nameof(RetagPlan.Status));
        if (status != RetagStatus.Skipped)
            foreach (var property in (string[])[nameof(RetagPlan.Source), nameof(RetagPlan.Target)])
                RequireValue(input, property, owner);
        // The digest of a result that has succeeded is what was moved then, not what is to be moved again.
        var hasRun = input.Has(nameof(RetagResult.Duration)) && status is RetagStatus.Succeeded or RetagStatus.UpToDate;
        return new RetagPlan
        {
            Container = input.String(nameof(RetagPlan.Container)) ?? "",
            Operation = input.Member<RetagOperation>(nameof(RetagPlan.Operation)) ?? defaultOperation,
            Source = input.String(nameof(RetagPlan.Source)) ?? "",
            Target = input.String(nameof(RetagPlan.Target)) ?? "",
            Digest = hasRun ? null : input.String(nameof(RetagPlan.Digest)),
            TargetDigest = hasRun ? null : input.String(nameof(RetagPlan.TargetDigest)),
            SizeBytes = hasRun ? null : input.Bytes(nameof(RetagPlan.SizeBytes)),
            Platform = input.String(nameof(RetagPlan.Platform)),
            Overwrite = input.Member<OverwriteMode>(nameof(RetagPlan.Overwrite)),
            AtomicGroup = input.String(nameof(RetagPlan.AtomicGroup)),
            Status = status == RetagStatus.Skipped ? RetagStatus.Skipped : RetagStatus.Planned,
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

    private static void RequireValue(PSObject input, string property, string owner)
    {
        if (input.String(property) is null)
            throw new CraneException(
                CraneErrorId.InvalidImageName, $"The property {property} of {owner} is empty.",
                $"Give {property} the name of an image. Without one, remove the plan.").About(input);
    }

    private static string Owner(PSObject input) =>
        $"the plan for '{input.String(nameof(RetagPlan.Target)) ?? input.String(nameof(RetagPlan.Source))}'";
}

using System.Management.Automation;

namespace Crane.Commands;

/// <summary>Reads plans, live or from another program's hands.</summary>
internal static class PlanReader
{
    public static bool IsPlan(PSObject input) =>
        input.BaseObject is RetagPlan or RetagResult || (input.Has(nameof(RetagPlan.Source)) && input.Has(nameof(RetagPlan.Target)));

    /// <summary>The plan; a result is the plan that it was, to be run again.</summary>
    /// <param name="input">An object for which <see cref="IsPlan"/> holds.</param>
    /// <param name="operation">What is meant where the object does not say: two columns are enough of a plan.</param>
    /// <exception cref="CraneException">InvalidValue.</exception>
    public static RetagPlan Read(PSObject input, RetagOperation operation) => input.BaseObject switch
    {
        RetagPlan plan => plan,
        RetagResult result => result.Plan,
        _ => new RetagPlan
        {
            Container = input.Text(nameof(RetagPlan.Container)) ?? "",
            Operation = input.Member<RetagOperation>(nameof(RetagPlan.Operation)) ?? operation,
            Source = input.Text(nameof(RetagPlan.Source)) ?? "",
            Target = input.Text(nameof(RetagPlan.Target)) ?? "",
            Status = input.Member<RetagStatus>(nameof(RetagPlan.Status)) == RetagStatus.Skipped ? RetagStatus.Skipped : RetagStatus.Planned,
            Reason = input.Text(nameof(RetagPlan.Reason)) ?? "",
            Build = ContainerReader.BuildSection(input),
            Hook = ContainerReader.HookSection(input),
            Requires = input.Texts(nameof(RetagPlan.Requires)),
            RegistrySetting = ContainerReader.RegistrySettings(input),
            Path = input.Text(nameof(RetagPlan.Path)),
            Line = input.Number(nameof(RetagPlan.Line)),
        },
    };
}

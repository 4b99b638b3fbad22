using System.Management.Automation;

namespace Crane.Commands;

/// <summary>Errors about what came down the pipeline.</summary>
internal static class InputErrors
{
    public static CraneException NeitherNor(PSObject input, string wanted) => new(
        CraneErrorId.InvalidValue,
        $"A {input.TypeNames.FirstOrDefault() ?? "null"} is not {wanted}.",
        "Pipe what Get-CraneContainer or Get-CraneRetagPlan emits, or objects with the same properties.")
    {
        Target = input,
    };

    public static CraneException OperationMismatch(RetagPlan plan, IReadOnlyList<RetagOperation> wanted) => new(
        CraneErrorId.OperationMismatch,
        $"The plan {plan} is a {plan.Operation} plan, and this cmdlet runs {string.Join(" and ", wanted)} plans.",
        $"Give it to the cmdlet of its operation, or filter with: Where-Object Operation -in {string.Join(", ", wanted)}")
    {
        Target = plan,
    };
}

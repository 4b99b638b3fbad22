using System.Management.Automation;

namespace Crane.Commands;

/// <summary>Errors about what came down the pipeline.</summary>
internal static class InputErrors
{
    private static readonly (string One, string Other)[] Pairs =
    [
        (nameof(RetagPlan.Source), nameof(RetagPlan.Target)), (nameof(CraneContainer.Image), nameof(CraneContainer.Name)),
    ];

    /// <summary>Says what an object lacks to be what was wanted.</summary>
    /// <exception cref="CraneException">UnknownKey, where a property is nearly one that it lacks.</exception>
    public static CraneException NeitherNor(PSObject input, string wanted)
    {
        try
        {
            input.RefuseNearMisses("the object", Pairs.SelectMany(pair => (string[])[pair.One, pair.Other]));
        }
        catch (CraneException error)
        {
            return error.About(input);
        }

        var lack = Pairs.Where(pair => input.Has(pair.One) != input.Has(pair.Other))
            .Select(pair => input.Has(pair.One) ? $" It has {pair.One}, but no {pair.Other}." : $" It has {pair.Other}, but no {pair.One}.");
        return new CraneException(
            CraneErrorId.InvalidValue,
            $"A {input.TypeNames.FirstOrDefault() ?? "null"} is not {wanted}.{string.Concat(lack)}",
            "Pipe what Get-CraneContainer or Get-CraneRetagPlan emits, or objects with the same properties.")
        {
            Target = input,
        };
    }

    /// <summary>Of what is piped beside them, parameters for one image would take its names alone: not even that it is skipped.</summary>
    public static CraneException PipedBeside(RetagPlan plan) => new(
        CraneErrorId.InvalidValue,
        $"The plan {plan} is piped to parameters that are for one image: source, target, -Container or -Operation.",
        "Leave these out: what is piped says them itself.")
    {
        Target = plan,
    };

    public static CraneException OperationMismatch(RetagPlan plan, IReadOnlyList<RetagOperation> wanted) => new(
        CraneErrorId.OperationMismatch,
        $"The plan {plan} is a {plan.Operation} plan, and this cmdlet runs {string.Join(" and ", wanted)} plans.",
        $"Give it to the cmdlet of its operation, or filter with: Where-Object Operation -in {string.Join(", ", wanted)}")
    {
        Target = plan,
    };
}

namespace Crane.Planning;

/// <summary>Plans operations for containers. Pure: no network, no disk.</summary>
internal static class Planner
{
    /// <summary>
    /// Plans an operation. An error affects only its container; one with nothing to do gets a skipped plan with a reason.
    /// </summary>
    public static PlanningResult Plan(IEnumerable<CraneContainer> containers, RetagOperation operation) =>
        Plan(containers, container => PlansFor(container, operation));

    /// <inheritdoc cref="Plan(IEnumerable{CraneContainer}, RetagOperation)"/>
    public static PlanningResult Plan(IEnumerable<CraneContainer> containers, Func<CraneContainer, IReadOnlyList<RetagPlan>> plansFor)
    {
        List<RetagPlan> plans = [];
        List<CraneException> errors = [];
        foreach (var container in containers)
        {
            try
            {
                plans.AddRange(plansFor(container));
            }
            catch (Exception failure) when (CraneException.IsFailure(failure))
            {
                errors.Add(CraneException.From(failure).About(container));
            }
        }

        return new PlanningResult(plans, errors);
    }

    private static IReadOnlyList<RetagPlan> PlansFor(CraneContainer container, RetagOperation operation) => operation switch
    {
        RetagOperation.Pull => [PullPlan.For(container)],
        RetagOperation.Build => [BuildPlan.For(container)],
        RetagOperation.Push => PushPlan.For(container),
        RetagOperation.Copy => CopyPlan.For(container),
        _ => throw new ArgumentOutOfRangeException(nameof(operation), operation, "unknown operation"),
    };
}

/// <summary>Plans in the order of their containers, and the errors of the others.</summary>
internal sealed record PlanningResult(IReadOnlyList<RetagPlan> Plans, IReadOnlyList<CraneException> Errors);

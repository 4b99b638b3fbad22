namespace Crane.Planning;

/// <summary>Plans what is to be moved for containers. Pure: no network, no disk.</summary>
internal static class Planner
{
    /// <summary>
    /// Plans what is to be done. What cannot be planned is an error about its container, and the others go on; what need
    /// not be moved is a skipped plan with its reason, so nothing is silent.
    /// </summary>
    public static PlanningResult Plan(IEnumerable<CraneContainer> containers, RetagOperation operation) =>
        Plan(containers, container => PlansFor(container, operation));

    /// <inheritdoc cref="Plan(IEnumerable{CraneContainer}, RetagOperation)"/>
    public static PlanningResult Plan(
        IEnumerable<CraneContainer> containers, Func<CraneContainer, IReadOnlyList<RetagPlan>> plansFor)
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
        _ => throw new ArgumentOutOfRangeException(nameof(operation), operation, "A container says what to pull, build and push."),
    };
}

/// <summary>Plans in the order of their containers, and what was wrong with the others.</summary>
internal sealed record PlanningResult(IReadOnlyList<RetagPlan> Plans, IReadOnlyList<CraneException> Errors);

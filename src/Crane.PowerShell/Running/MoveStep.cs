using Crane.Commands.Base;
using Crane.Planning;

namespace Crane.Running;

/// <summary>A plan among those of a cmdlet, in their order.</summary>
/// <param name="Move">The move that it is; null if it is skipped or was not approved.</param>
internal sealed record MoveStep(RetagPlan Plan, CheckedMove? Move)
{
    /// <summary>Checks a plan; null after the error of one that is not valid.</summary>
    public static MoveStep? Check(CraneCommand command, RetagPlan plan) =>
        plan.Status == RetagStatus.Skipped ? new MoveStep(plan, null)
        : command.TryGet(() => CheckedMove.Check(plan), plan) is { } move ? new MoveStep(move.Plan, move)
        : null;
}

namespace Crane.Execution;

/// <summary>How a plan ended: its result, and the error of a failed one.</summary>
internal sealed record RunOutcome(RetagResult Result, CraneException? Error)
{
    /// <summary>The end of a plan that failed; the plan is the error's target.</summary>
    public static RunOutcome Failed(RetagResult result, CraneException error) =>
        new(result with { Status = RetagStatus.Failed, Error = error.Message }, error.About(result.Plan));
}

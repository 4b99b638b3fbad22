namespace Crane.Moving.Run;

/// <summary>How a plan ended: its result, and the error of a failed one.</summary>
internal sealed record RunOutcome(RetagResult Result, CraneException? Error)
{
    /// <summary>
    /// Whether there was no such image. No other failure is made good by a build: a wrong password or a registry that is down
    /// must not decide what an image is made of.
    /// </summary>
    public bool IsOfMissingImage => Error is { Id: CraneErrorId.ImageNotFound };

    /// <summary>The end of a plan that failed; the plan is the error's target.</summary>
    public static RunOutcome Failed(RetagResult result, CraneException error) =>
        new(result with { Status = RetagStatus.Failed, Error = error.Message }, error.About(result.Plan));
}

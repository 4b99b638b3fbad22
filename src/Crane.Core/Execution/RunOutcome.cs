namespace Crane.Execution;

/// <summary>How a plan ended: its result, and the error of a failed one.</summary>
internal sealed record RunOutcome(RetagResult Result, CraneException? Error);

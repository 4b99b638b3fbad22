namespace Crane.Moving.Run;

/// <summary>How plans are run.</summary>
/// <param name="ThrottleLimit">How many images move at the same time, at least 1.</param>
/// <param name="Force">Whether an image is moved even if it is up to date.</param>
/// <param name="StopOnError">Whether the first failure ends what is under way and keeps the rest from beginning.</param>
internal sealed record RunOptions(int ThrottleLimit, bool Force, bool StopOnError);

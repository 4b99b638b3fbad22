using Crane.Moving.Run;

namespace Crane.Building;

/// <summary>A build in its graph.</summary>
/// <param name="Plan">What is built; its <see cref="RetagPlan.Base"/> is filled.</param>
/// <param name="Parent">The image whose layers the result begins with, where that is known.</param>
/// <param name="After">The builds of the same graph that come first, as indexes of earlier nodes.</param>
/// <param name="Fault">Why it cannot be built; null where it can, as far as its Dockerfile tells.</param>
internal sealed record BuildNode(RetagPlan Plan, ImageName? Parent, IReadOnlyList<int> After, CraneException? Fault)
{
    /// <summary>
    /// The builds that come first where the engine's own builder is used: those of <see cref="After"/>, and those whose images
    /// are in stages that the target does not need.
    /// </summary>
    public IReadOnlyList<int> AfterInEngine { get; init; } = After;

    /// <summary>Whether it is built in this run; what is skipped or was not approved keeps its place in the graph.</summary>
    public bool IsWanted { get; init; } = Plan.Status == RetagStatus.Planned;

    /// <summary>Whether it can be built in this run, as far as its Dockerfile tells.</summary>
    public bool CanBegin => this is { IsWanted: true, Fault: null };

    /// <summary>What has come of it before the builds begin, such as by a pull; null where nothing has.</summary>
    public RunOutcome? Outcome { get; init; }
}

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

/// <summary>What is known about the end of builds without building.</summary>
internal static class NodeOutcomes
{
    /// <summary>For each build, the index of the first one that does the same.</summary>
    public static IReadOnlyList<int> FirstOfEach(IReadOnlyList<BuildNode> nodes)
    {
        var seen = new Dictionary<(string, string, string), int>();
        return nodes.Select((node, index) =>
        {
            if (!node.IsWanted || node.Outcome is not null)
                return index;
            var key = (node.Plan.Source, node.Plan.Target, string.Join('\n', node.Plan.Step));
            return seen.TryAdd(key, index) ? index : seen[key];
        }).ToList();
    }

    /// <summary>The outcome of a build that need not or cannot be begun; null for one that can.</summary>
    /// <param name="node">The build.</param>
    /// <param name="earlier">The outcomes of those that it comes after.</param>
    /// <param name="builder">What would build it.</param>
    public static RunOutcome? Of(BuildNode node, IEnumerable<RunOutcome> earlier, string builder)
    {
        if (node.Outcome is { } outcome)
            return outcome;
        if (!node.IsWanted)
            return new RunOutcome(new RetagResult(node.Plan), null);
        return earlier.Select(before => before.Result).FirstOrDefault(IsMissing) is { } missing
            ? NotBuilt(node, $"{missing.Target} {(missing.Status == RetagStatus.Failed ? "has failed" : "was canceled")}", builder)
            : null;
    }

    /// <summary>The outcome of a build in a run that begins none: one that was to be built has failed.</summary>
    public static RunOutcome Unbegun(BuildNode node)
    {
        var result = new RetagResult(node.Plan);
        return node is { IsWanted: true, Fault: { } fault }
            ? RunOutcome.Failed(result, fault)
            : new RunOutcome(result, null);
    }

    /// <summary>The outcome of a build that has failed because of another: its result says so, and there is no further error.</summary>
    /// <param name="node">The build.</param>
    /// <param name="why">Why, as a clause.</param>
    /// <param name="builder">What would have built it.</param>
    public static RunOutcome NotBuilt(BuildNode node, string why, string builder) => new(
        new RetagResult(node.Plan) { Status = RetagStatus.Failed, Error = $"Not built, since {why}.", Engine = builder }, null);

    private static bool IsMissing(RetagResult result) => result.Status is RetagStatus.Failed or RetagStatus.Canceled;
}

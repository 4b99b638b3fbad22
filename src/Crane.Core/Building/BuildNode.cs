using Crane.Moving.Run;

namespace Crane.Building;

/// <summary>A build in its graph.</summary>
/// <param name="Parent">The image whose layers the result begins with; null if unknown.</param>
/// <param name="After">The builds that come first, as indexes of earlier nodes.</param>
/// <param name="Error">Why it cannot be built, judging by its Dockerfile; null if it can.</param>
internal sealed record BuildNode(RetagPlan Plan, ImageName? Parent, IReadOnlyList<int> After, CraneException? Error)
{
    /// <summary>The builds that come first with the engine's own builder, which also builds stages that the target does not need.</summary>
    public IReadOnlyList<int> AfterInEngine { get; init; } = After;

    /// <summary>The error without its location in the crane file, which the plan has; empty without one.</summary>
    public string Reason { get; init; } = "";

    /// <summary>
    /// A container that it needs, and that the run leaves out because of an error; null for none. Built on the previous image of that
    /// container, it would not be what the crane file says.
    /// </summary>
    public string? Refused { get; init; }

    /// <summary>Whether it is to be built in this run; the graph also has what is skipped or not confirmed.</summary>
    public bool IsWanted { get; init; } = Plan.Status == RetagStatus.Planned;

    /// <summary>Whether it is to be built, and nothing is known against it.</summary>
    public bool CanBegin => this is { IsWanted: true, Error: null, Refused: null };

    /// <summary>Its outcome before the builds begin, such as that of a pull; null for none.</summary>
    public RunOutcome? Outcome { get; init; }
}

/// <summary>The outcomes of builds that are not begun.</summary>
internal static class NodeOutcomes
{
    /// <summary>For each build, the index of the first identical one.</summary>
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

    /// <summary>The outcome of a build that is not begun; null for others.</summary>
    public static RunOutcome? Of(BuildNode node, IEnumerable<RunOutcome> earlier, string builder)
    {
        if (node.Outcome is { } outcome)
            return outcome;
        if (!node.IsWanted)
            return new RunOutcome(new RetagResult(node.Plan), null);
        if (node.Refused is not null)
            return OfRefused(node, builder);
        return earlier.Select(before => before.Result).FirstOrDefault(IsMissing) is { } missing
            ? NotBuilt(node, $"{missing.Target} {(missing.Status == RetagStatus.Failed ? "has failed" : "was canceled")}", builder)
            : null;
    }

    /// <summary>The outcome of a build in a run that begins none.</summary>
    public static RunOutcome Unbegun(BuildNode node)
    {
        var result = new RetagResult(node.Plan);
        return node is { IsWanted: true, Error: { } error } ? RunOutcome.Failed(result, error)
            : node is { IsWanted: true, Refused: not null } ? OfRefused(node, builder: "")
            : new RunOutcome(result, null);
    }

    /// <summary>The outcome of a build that failed because of another: it has no error of its own.</summary>
    public static RunOutcome NotBuilt(BuildNode node, string why, string builder) => new(
        new RetagResult(node.Plan) { Status = RetagStatus.Failed, Error = $"Not built, since {why}.", Engine = builder }, null);

    private static RunOutcome OfRefused(BuildNode node, string builder) =>
        NotBuilt(node, $"the container '{node.Refused}' has an error", builder);

    private static bool IsMissing(RetagResult result) => result.Status is RetagStatus.Failed or RetagStatus.Canceled;
}

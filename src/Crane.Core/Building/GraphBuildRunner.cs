using System.Diagnostics;
using System.Runtime.CompilerServices;
using Crane.Moving.Run;

namespace Crane.Building;

/// <summary>
/// Runs the builds of a graph with a builder that builds all of them together: first all pre-build hooks, then the builds, then tags and
/// post-build hooks, in the order of the graph.
/// </summary>
internal sealed class GraphBuildRunner(
    IGraphBuilder builder, BaseSupply supply, IHookRunner hookRunner, IRunObserver observer, RunOptions options, BuildOptions build)
{
    private readonly BuildHooks _hooks = new(hookRunner, observer);

    /// <summary>
    /// Runs all builds and returns the outcomes in the order of the nodes. As with <see cref="BuildRunner"/>, a build on a failed one fails
    /// without an error of its own; the rest is built.
    /// </summary>
    public async IAsyncEnumerable<RunOutcome> RunAsync(
        IReadOnlyList<BuildNode> nodes, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var run = new RunToken(options.StopOnError, cancellation);
        var watch = Stopwatch.StartNew();
        var first = NodeOutcomes.FirstOfEach(nodes);
        var ends = await BuildAsync(nodes, first, run.Token);
        var outcomes = new List<RunOutcome>(nodes.Count);
        var reported = new HashSet<CraneException>();
        for (var index = 0; index < nodes.Count; index++)
        {
            outcomes.Add(first[index] == index
                ? run.Note(await EndAsync(nodes[index], ends[index], nodes[index].After.Select(earlier => outcomes[earlier]), run.Token))
                : new RunOutcome(outcomes[first[index]].Result.For(nodes[index].Plan), null));
            if (ends[index] != GraphBuildEnd.None)
                outcomes[index] = outcomes[index] with { Result = outcomes[index].Result with { Duration = watch.Elapsed } };
            // An error that concerns all builds is reported once.
            var isReported = ends[index].Error is { } error && !reported.Add(error);
            yield return isReported ? outcomes[index] with { Error = null } : outcomes[index];
        }
    }

    /// <summary>Builds the nodes; those that were not built have <see cref="GraphBuildEnd.None"/>.</summary>
    private async Task<IReadOnlyList<GraphBuildEnd>> BuildAsync(
        IReadOnlyList<BuildNode> nodes, IReadOnlyList<int> first, CancellationToken cancellation)
    {
        var ends = Enumerable.Repeat(GraphBuildEnd.None, nodes.Count).ToArray();
        List<int> ready = [];
        try
        {
            var bases = new BuildBases[nodes.Count];
            ready = await PrepareAsync(nodes, first, bases, ends, cancellation);
            if (ready.Count == 0)
                return ends;
            var built = await builder.BuildAsync(
                [.. GraphBuild.Of(nodes, ready, first).Select((each, position) => each with { Bases = bases[ready[position]] })],
                build, options.StopOnError,
                (index, line) => line.Report(nodes[ready[index]].Plan, observer),
                cancellation);
            for (var position = 0; position < ready.Count; position++)
                ends[ready[position]] = built[position];
        }
        catch (Exception failure) when (CraneException.IsFailure(failure, cancellation))
        {
            var error = CraneException.From(failure);
            foreach (var index in ready)
                ends[index] = new GraphBuildEnd(null, error);
        }
        catch (OperationCanceledException)
        {
            // Builds without an end were canceled.
        }

        return ends;
    }

    /// <summary>Runs hooks and provides bases, and records failures.</summary>
    private async Task<List<int>> PrepareAsync(
        IReadOnlyList<BuildNode> nodes, IReadOnlyList<int> first, BuildBases[] bases, GraphBuildEnd[] ends, CancellationToken cancellation)
    {
        var ready = new List<int>();
        var builtTogether = new HashSet<ImageName>();
        var missing = new HashSet<int>();
        for (var index = 0; index < nodes.Count; index++)
        {
            var node = nodes[index];
            if (node.Outcome is { Result.Status: RetagStatus.Failed or RetagStatus.Canceled } || node.After.Any(missing.Contains)
                || (node is { IsWanted: true, Refused: not null, Outcome: null }))
            {
                missing.Add(index);
            }
            else if (first[index] == index && node.IsWanted && node.Outcome is null)
            {
                try
                {
                    bases[index] = await PrepareAsync(node, builtTogether, cancellation);
                    builtTogether.Add(ImageName.Parse(node.Plan.Target));
                    ready.Add(index);
                    continue;
                }
                catch (Exception failure) when (CraneException.IsFailure(failure, cancellation))
                {
                    ends[index] = new GraphBuildEnd(null, CraneException.From(failure));
                }

                if (options.StopOnError)
                    return [];
                missing.Add(index);
            }
        }

        return ready;
    }

    private async Task<BuildBases> PrepareAsync(BuildNode node, IReadOnlySet<ImageName> builtTogether, CancellationToken cancellation)
    {
        if (node.Error is not null)
            throw node.Error;
        await _hooks.BeforeAsync(node.Plan, cancellation);
        return await supply.PrepareAsync(node.Plan, builtTogether, builder.ReachAsync, cancellation);
    }

    private async Task<RunOutcome> EndAsync(
        BuildNode node, GraphBuildEnd end, IEnumerable<RunOutcome> earlier, CancellationToken cancellation)
    {
        if (NodeOutcomes.Of(node, earlier, builder.Name) is { } known)
            return known;
        var work = new PlanWork(node.Plan, builder.Name, observer);
        if (end == GraphBuildEnd.None && !options.StopOnError && !cancellation.IsCancellationRequested)
            return NodeOutcomes.NotBuilt(node, "an image that its Dockerfile names has failed", builder.Name);
        return cancellation.IsCancellationRequested || end == GraphBuildEnd.None
            ? work.Canceled()
            : await work.RunAsync(() => FinishAsync(node, end, cancellation), () => 0, cancellation);
    }

    private async Task<PlanEnd> FinishAsync(BuildNode node, GraphBuildEnd end, CancellationToken cancellation)
    {
        if (end.Error is not null)
            throw end.Error;
        var before = await supply.ImageIdAsync(node.Plan.Target, cancellation);
        await builder.NameAsync(end.Id!, ImageName.Parse(node.Plan.Target), cancellation);
        await _hooks.AfterAsync(node.Plan, cancellation);
        var size = await supply.ImageSizeAsync(node.Plan.Target, cancellation);
        return new PlanEnd(RetagStatus.Succeeded, end.Id) { PreviousId = before, ImageSizeBytes = size };
    }
}

using System.Runtime.CompilerServices;
using Crane.Moving.Run;

namespace Crane.Building;

/// <summary>Runs the builds of a graph: in parallel, each after those that it needs.</summary>
internal sealed class BuildRunner(
    IImageBuilder builder, BaseSupply supply, IHookRunner hookRunner, IRunObserver observer, RunOptions options, BuildOptions build)
{
    private readonly BuildHooks _hooks = new(hookRunner, observer);

    /// <summary>
    /// Runs all builds and returns the outcomes in the order of the nodes, as soon as possible. A build whose base failed is not begun, and
    /// fails without an error of its own. A build that several containers need is run once.
    /// </summary>
    public async IAsyncEnumerable<RunOutcome> RunAsync(
        IReadOnlyList<BuildNode> nodes, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var run = new RunToken(options.StopOnError, cancellation);
        var first = NodeOutcomes.FirstOfEach(nodes);
        var running = Schedule.Start<RunOutcome>(
            nodes.Select((node, index) => first[index] == index ? node.AfterInEngine : [first[index]]).ToList(),
            options.ThrottleLimit,
            async (index, earlier) => first[index] == index
                ? run.Note(await RunOneAsync(nodes[index], earlier, run.Token))
                : new RunOutcome(earlier[0].Result.For(nodes[index].Plan), null),
            index => Work(nodes[index]).Canceled(),
            run.Token);
        try
        {
            foreach (var build in running)
                yield return await build;
        }
        finally
        {
            // If the caller stops early, no work may outlive the builder.
            await Task.WhenAll(running);
        }
    }

    private PlanWork Work(BuildNode node) => new(node.Plan, builder.Name, observer);

    private Task<RunOutcome> RunOneAsync(BuildNode node, IReadOnlyList<RunOutcome> earlier, CancellationToken cancellation) =>
        NodeOutcomes.Of(node, earlier, builder.Name) is { } known
            ? Task.FromResult(known)
            : Work(node).RunAsync(() => BuildAsync(node, cancellation), () => 0, cancellation);

    private async Task<PlanEnd> BuildAsync(BuildNode node, CancellationToken cancellation)
    {
        if (node.Error is not null)
            throw node.Error;
        await _hooks.BeforeAsync(node.Plan, cancellation);
        var bases = await supply.PrepareAsync(node.Plan, cancellation);
        observer.Step(node.Plan, $"build {node.Plan.Target}");
        var before = await supply.ImageIdAsync(node.Plan.Target, cancellation);
        observer.Progress(node.Plan, new ImageProgress("build context"));
        var request = new BuildRequest(node.Plan, build, bases);
        var id = await builder.BuildAsync(request, line => line.Report(node.Plan, observer), cancellation);
        await _hooks.AfterAsync(node.Plan, cancellation);
        var size = await supply.ImageSizeAsync(node.Plan.Target, cancellation);
        return new PlanEnd(RetagStatus.Succeeded, id) { PreviousId = before, ImageSizeBytes = size };
    }
}

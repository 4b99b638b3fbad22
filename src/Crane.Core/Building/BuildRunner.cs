using System.Runtime.CompilerServices;
using Crane.Execution;

namespace Crane.Building;

/// <summary>Runs the builds of a graph: in parallel, each after those that it needs.</summary>
internal sealed class BuildRunner(
    IImageBuilder builder, IHookRunner hookRunner, IRunObserver observer, RunOptions options, BuildOptions build)
{
    private readonly BuildHooks _hooks = new(hookRunner, observer);

    /// <summary>
    /// Runs every build and gives the outcomes in the order of the nodes, each as soon as it and those before it are
    /// done. A build whose base failed is not begun and has failed, too: only the first of them has an error. The same
    /// build asked for by several containers is run once.
    /// </summary>
    public async IAsyncEnumerable<RunOutcome> RunAsync(
        IReadOnlyList<BuildNode> nodes, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var run = new RunToken(options.StopOnError, cancellation);
        var first = FirstOfEach(nodes);
        var running = Schedule.Start<RunOutcome>(
            nodes.Select((node, index) => first[index] == index ? node.After : [first[index]]).ToList(),
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
            // Whoever stops listening must not leave work behind that outlives the builder.
            await Task.WhenAll(running);
        }
    }

    // For each build, the index of the first one that does the same.
    private static List<int> FirstOfEach(IReadOnlyList<BuildNode> nodes)
    {
        var seen = new Dictionary<(string, string), int>();
        return nodes.Select((node, index) =>
        {
            if (!node.IsWanted || node.Outcome is not null)
                return index;
            var key = (node.Plan.Target, string.Join('\n', node.Plan.Step));
            return seen.TryAdd(key, index) ? index : seen[key];
        }).ToList();
    }

    private PlanWork Work(BuildNode node) => new(node.Plan, builder.Name, observer);

    private Task<RunOutcome> RunOneAsync(BuildNode node, IReadOnlyList<RunOutcome> earlier, CancellationToken cancellation)
    {
        if (node.Outcome is { } outcome)
            return Task.FromResult(outcome);
        if (!node.IsWanted)
            return Task.FromResult(new RunOutcome(new RetagResult(node.Plan), null));
        if (earlier.FirstOrDefault(outcome => outcome.Result.Status is RetagStatus.Failed or RetagStatus.Canceled) is { } missing)
        {
            var failed = new RetagResult(node.Plan)
            {
                Status = RetagStatus.Failed,
                Error = $"Not built, since {missing.Result.Target} {(missing.Result.Status == RetagStatus.Failed ? "has failed" : "was canceled")}.",
                Engine = builder.Name,
            };
            return Task.FromResult(new RunOutcome(failed, null));
        }

        return Work(node).RunAsync(() => BuildAsync(node, cancellation), () => 0, cancellation);
    }

    private async Task<PlanEnd> BuildAsync(BuildNode node, CancellationToken cancellation)
    {
        if (node.Fault is not null)
            throw node.Fault;
        await _hooks.BeforeAsync(node.Plan, cancellation);
        observer.Step(node.Plan, $"build {node.Plan.Target}");
        var request = new BuildRequest(ImageName.Parse(node.Plan.Target), node.Plan.Build!, build);
        var id = await builder.BuildAsync(request, line => observer.Step(node.Plan, line), cancellation);
        await _hooks.AfterAsync(node.Plan, cancellation);
        return new PlanEnd(RetagStatus.Succeeded, id);
    }
}

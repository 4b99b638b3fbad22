using Crane.Building;
using Crane.Execution;
using Crane.Loading;
using Crane.Planning;
using Crane.Stores;

namespace Crane.Commands;

/// <summary>One run of Invoke-CraneBuild: orders, asks, builds, and writes each result in build order.</summary>
internal sealed class BuildSession(InvokeCraneBuildCommand command, CancellationToken stopping)
{
    public void Run(IReadOnlyList<RetagPlan> plans)
    {
        var adapters = Adapters.Current;
        var graph = BuildGraph.Of(plans.Select(Check).OfType<RetagPlan>().ToList(), adapters.Dockerfiles, command.DeclaredImages);
        command.WriteErrors(graph.Errors);
        RunBuilder.Check(command);
        var request = new StoreRequest(command.Engine, RegistryCredentials.From(command.Credential, command.RegistryCredential, graph.BaseRegistries));
        var nodes = command.Changed ? OnlyChanged(graph, request) : graph.Nodes;
        command.WarnWhereAllAreSkipped(nodes.Select(node => node.Plan));

        var asked = nodes.Select(Ask).ToList();
        var pump = new PipelinePump(stopping);
        pump.Run(cancellation => BuildAsync(asked, graph.Names, request, pump, cancellation));
    }

    private RetagPlan? Check(RetagPlan plan) => plan.Status == RetagStatus.Skipped
        ? plan
        : command.TryCheck(() => BuildPlan.Check(plan, command.Override.ApplyTo), plan);

    private IReadOnlyList<BuildNode> OnlyChanged(BuildGraph graph, StoreRequest request)
    {
        var nodes = graph.Nodes;
        new PipelinePump(stopping).Run(async cancellation =>
        {
            await using var store = await Adapters.Current.OpenStoreAsync(request, cancellation);
            nodes = await Freshness.CheckAsync(nodes, graph.Names, store, Adapters.Current.BuildInputs, changedOnly: true, cancellation);
        });
        return nodes;
    }

    // A build that cannot succeed is not worth a question; it fails.
    private BuildNode Ask(BuildNode node) =>
        !node.IsWanted || node.Fault is not null || command.ShouldProcess(node.Plan.Target, $"Build from {node.Plan.ShownSource}")
            ? node
            : node with { IsWanted = false };

    private async Task BuildAsync(
        List<BuildNode> nodes, BaseNames names, StoreRequest request, PipelinePump pump, CancellationToken cancellation)
    {
        if (!nodes.Any(node => node.CanBegin))
        {
            foreach (var node in nodes)
                await pump.PostAsync(() => command.Write(NodeOutcomes.Unbegun(node)));
            return;
        }

        var streams = new RunStreams(command, pump, nodes.Select(node => node.Plan));
        var traced = request with { Trace = command.TraceBy(pump), Warn = command.WarnBy(pump) };
        var options = new RunOptions(command.ThrottleLimit, Force: false, command.StopsAtErrors);
        await foreach (var outcome in StoreRun.RunAsync(
            token => RunBuilder.OpenAsync(command, traced, nodes, token),
            builder => builder.RunAsync(nodes, names, streams, options, cancellation),
            nodes.Select(node => node.Plan).ToList(),
            cancellation))
        {
            await pump.PostAsync(() => command.Write(outcome));
        }

        streams.Completed();
    }
}

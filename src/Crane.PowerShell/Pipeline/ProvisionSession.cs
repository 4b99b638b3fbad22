using Crane.Building;
using Crane.Execution;
using Crane.Loading;
using Crane.Planning;
using Crane.Stores;

namespace Crane.Commands;

/// <summary>One run of Invoke-CraneProvision: orders, asks, pulls, builds, and writes each result in build order.</summary>
internal sealed class ProvisionSession(InvokeCraneProvisionCommand command, CancellationToken stopping)
{
    private readonly PipelinePump _pump = new(stopping);

    public void Run(IReadOnlyList<RetagPlan> plans)
    {
        var graph = BuildGraph.Of(plans.Select(Check).OfType<RetagPlan>().ToList(), Adapters.Current.Dockerfiles);
        foreach (var error in graph.Errors)
            command.WriteError(ErrorRecords.From(error));
        try
        {
            RunBuilder.Check(command);
            var steps = graph.Nodes.Select(Step).ToList();
            var registries = steps.Select(step => step.Pull?.Remote.Registry).OfType<string>().Concat(graph.BaseRegistries);
            var request = new StoreRequest(command.Engine, RegistryCredentials.From(command.Credential, command.RegistryCredential, registries));
            command.WarnWhereAllAreSkipped(steps.Select(step => step.Node.Plan));

            var asked = steps.Select(Ask).ToList();
            _pump.Run(cancellation => RunAsync(asked, request, cancellation));
        }
        catch (CraneException error)
        {
            command.ThrowTerminatingError(ErrorRecords.From(error));
        }
    }

    private static ProvisionStep Step(BuildNode node)
    {
        var pull = node.Plan.Operation == RetagOperation.Pull ? node.Plan : node.Plan.PreferredPull;
        return new ProvisionStep(node, node.IsWanted && pull is not null ? RetagMove.Of(pull) : null);
    }

    private RetagPlan? Check(RetagPlan plan) =>
        plan.Status == RetagStatus.Skipped ? plan
        : plan.Operation == RetagOperation.Pull ? command.TryCheck(() => RetagMove.Of(plan).Plan)
        : command.TryCheck(() => BuildPlan.Check(plan, command.Override.ApplyTo));

    private ProvisionStep Ask(ProvisionStep step)
    {
        var (node, pull) = step;
        var action = (pull, step.IsBuilt) switch
        {
            (null, _) => $"Build from {node.Plan.ShownSource}",
            (_, false) => $"Pull from {pull.Source}",
            _ => $"Pull from {pull.Source}, or build from {node.Plan.ShownSource}",
        };
        return !node.IsWanted || (node.Fault is not null && pull is null) || command.ShouldProcess(node.Plan.Target, action)
            ? step
            : new ProvisionStep(node with { IsWanted = false }, null);
    }

    private async Task RunAsync(List<ProvisionStep> steps, StoreRequest request, CancellationToken cancellation)
    {
        if (!steps.Any(step => step.Pull is not null || step.Node.CanBegin))
        {
            foreach (var step in steps)
                Post(NodeOutcomes.Unbegun(step.Node));
            return;
        }

        var streams = new RunStreams(command, _pump, steps.Where(step => step.Node.IsWanted).Select(step => step.Node.Plan));
        var traced = request with { Trace = streams.Trace, Warn = streams.Warn };
        var options = new RunOptions(command.ThrottleLimit, command.Force, command.StopsAtErrors);
        var build = command.Options with
        {
            Ours = steps.Select(step => step.Pull?.Target ?? step.Node.Kept).OfType<ImageName>().ToHashSet(),
        };
        var adapters = Adapters.Current;
        await foreach (var outcome in StoreRun.RunAsync(
            token => ProvisionStores.OpenAsync(command, traced, steps.Select(step => step.Node), token),
            stores => new ProvisionRunner(
                moves => new PlanRunner(stores.Mover, adapters.Retry, streams, options).RunAsync(moves, cancellation),
                nodes => stores.Builder.RunAsync(nodes, streams, options, build, cancellation),
                streams,
                options.StopOnError).RunAsync(steps, cancellation),
            steps.Select(step => step.Node.Plan).ToList(),
            cancellation))
        {
            Post(outcome);
        }

        streams.Completed();
    }

    private void Post(RunOutcome outcome) => _pump.Post(() => command.Write(outcome));
}

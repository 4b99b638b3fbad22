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
        var graph = BuildGraph.Of(plans.Select(Check).OfType<RetagPlan>().ToList(), Adapters.Current.Dockerfiles, command.DeclaredImages);
        command.WriteErrors(graph.Errors);
        RunBuilder.Check(command);
        var steps = graph.Nodes.Select(Step).ToList();
        var registries = steps.Select(step => step.Pull?.Remote.Registry).OfType<string>().Concat(graph.BaseRegistries);
        var request = new StoreRequest(command.Engine, RegistryCredentials.From(command.Credential, command.RegistryCredential, registries));
        command.WarnWhereAllAreSkipped(steps.Select(step => step.Node.Plan));

        var asked = steps.Select(Ask).ToList();
        _pump.Run(cancellation => RunAsync(asked, graph.Names, request, cancellation));
    }

    private static ProvisionStep Step(BuildNode node)
    {
        return new ProvisionStep(node, node.IsWanted && ProvisionPlan.PullOf(node.Plan) is { } pull ? RetagMove.Of(pull) : null);
    }

    private RetagPlan? Check(RetagPlan plan) =>
        plan.Status == RetagStatus.Skipped ? plan
        : plan.Operation == RetagOperation.Pull ? command.TryCheck(() => RetagMove.Of(plan).Plan, plan)
        : command.TryCheck(() => ProvisionPlan.PullOf(plan) is { } pull ? RetagMove.Of(pull).Plan : plan, plan) is null ? null
        : command.TryCheck(() => BuildPlan.Check(plan, command.Override.ApplyTo), plan);

    private ProvisionStep Ask(ProvisionStep step)
    {
        var (node, pull) = step;
        var action = (pull, step.IsBuilt) switch
        {
            (null, _) => $"Build from {node.Plan.ShownSource}",
            (_, false) => $"Pull from {pull.Plan.Source}",
            _ => $"Pull from {pull.Plan.Source}, or build from {node.Plan.ShownSource}",
        };
        return !node.IsWanted || (node.Fault is not null && pull is null) || command.ShouldProcess(node.Plan.Target, action)
            ? step
            : new ProvisionStep(node with { IsWanted = false }, null);
    }

    private async Task RunAsync(
        List<ProvisionStep> steps, BaseNames names, StoreRequest request, CancellationToken cancellation)
    {
        if (!steps.Any(step => step.Pull is not null || step.Node.CanBegin))
        {
            foreach (var step in steps)
                await PostAsync(NodeOutcomes.Unbegun(step.Node));
            return;
        }

        var streams = new RunStreams(command, _pump, steps.Where(step => step.Node.IsWanted).Select(step => step.Node.Plan));
        var traced = request with { Trace = command.TraceBy(_pump), Step = streams.Note, Warn = command.WarnBy(_pump) };
        var options = new RunOptions(command.ThrottleLimit, command.Force, command.StopsAtErrors);
        var adapters = Adapters.Current;
        await foreach (var outcome in StoreRun.RunAsync(
            token => ProvisionStores.OpenAsync(command, traced, steps.Select(step => step.Node), token),
            stores => new ProvisionRunner(
                moves => new PlanRunner(stores.Mover, adapters.Retry, streams, options).RunAsync(moves, cancellation),
                nodes => stores.Builder.RunAsync(nodes, names, streams, options, cancellation),
                streams,
                options.StopOnError).RunAsync(steps, cancellation),
            steps.Select(step => step.Node.Plan).ToList(),
            cancellation))
        {
            await PostAsync(outcome);
        }

        streams.Completed();
    }

    private Task PostAsync(RunOutcome outcome) => _pump.PostAsync(() => command.Write(outcome));
}

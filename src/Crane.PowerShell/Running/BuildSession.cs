using Crane.Building;
using Crane.Commands.Base;
using Crane.Input;
using Crane.Loading;
using Crane.Moving.Run;
using Crane.Planning;

namespace Crane.Running;

/// <summary>One run of a cmdlet that builds: asks for approval, pulls, builds, and writes results in build order.</summary>
internal sealed class BuildSession(BuildCommand command)
{
    /// <summary>Whether images are pulled as well: those of pull plans, and those that are built only if no registry has them.</summary>
    public bool Pulls { get; init; }

    public bool OnlyChanged { get; init; }

    public void Run(IReadOnlyList<RetagPlan> plans)
    {
        if (command.TryGet(command.Override) is not { } change)
            return;
        var valid = plans.Select(plan => Check(plan, change)).OfType<RetagPlan>().ToList();
        var graph = BuildGraph.Read(valid, Adapters.Current.Dockerfiles, command.Declared);
        command.WriteErrors(graph.Errors);
        command.CheckBuilder();
        var steps = graph.Nodes.Select(Step).ToList();
        var session = new PlanSession(command);
        var request = session.Request(
            FileSystemPath.OfEngine(command.SessionState.Path, command.Engine),
            steps.Select(step => step.Pull?.Remote.Registry).OfType<string>().Concat(graph.BaseRegistries));
        if (OnlyChanged)
            steps = Changed(graph, request).Select(Step).ToList();
        command.WarnIfAllAreSkipped(steps.Select(step => step.Node.Plan));

        steps = steps.Select(Ask).ToList();
        if (!steps.Any(step => step.Pull is not null || step.Node.CanBegin))
        {
            foreach (var step in steps)
                command.Write(NodeOutcomes.Unbegun(step.Node));
            return;
        }

        var isPulled = steps.Any(step => step.Pull is not null);
        var nodes = steps.Select(step => step.Node).ToList();
        var approved = nodes.Where(node => node.IsWanted).Select(node => node.Plan);
        session.Run(approved, request, (watched, observer, options, cancellation) => StoreRun.RunAsync(
            token => BuildStores.OpenAsync(command, watched, nodes, isPulled ? options.ThrottleLimit : null, token),
            stores =>
            {
                IAsyncEnumerable<RunOutcome> Build(IReadOnlyList<BuildNode> nodes) =>
                    stores.BuildAsync(nodes, graph.Names, observer, options, cancellation);
                var outcomes = stores.Mover is { } mover
                    ? new ProvisionRunner(
                        moves => new PlanRunner(mover, Adapters.Current.Retry, observer, options).RunAsync(moves, cancellation),
                        Build, observer, options.StopOnError).RunAsync(steps, cancellation)
                    : Build(nodes);
                return options.IsAtomic
                    ? new RestoringRun(stores.Names, options.Journal, observer).RunAsync(
                        nodes.Where(node => node.IsWanted).Select(node => ImageName.Parse(node.Plan.Target)), outcomes, cancellation)
                    : outcomes;
            },
            nodes.Select(node => node.Plan).ToList(),
            cancellation));
    }

    private RetagPlan? Check(RetagPlan plan, BuildOverride change) => plan.Status == RetagStatus.Skipped ? plan : command.TryGet(
        () =>
        {
            var move = PullOf(plan) is { } pull ? CheckedMove.Check(pull) : null;
            return plan.Operation == RetagOperation.Pull ? move!.Plan : BuildPlan.Check(plan, change.ApplyTo);
        },
        plan);

    private ProvisionStep Step(BuildNode node) =>
        new(node, node.IsWanted && PullOf(node.Plan) is { } pull ? CheckedMove.Check(pull) : null);

    private RetagPlan? PullOf(RetagPlan plan) => Pulls ? ProvisionPlan.PullOf(plan) : null;

    private IReadOnlyList<BuildNode> Changed(BuildGraph graph, StoreRequest request)
    {
        var nodes = graph.Nodes;
        new PipelinePump(command.StopToken).Run(async cancellation =>
        {
            await using var store = await Adapters.Current.OpenStoreAsync(request, cancellation);
            nodes = await Freshness.CheckAsync(nodes, graph.Names, store, Adapters.Current.BuildInputs, changedOnly: true, cancellation);
        });
        return nodes;
    }

    // A build that cannot succeed fails without asking.
    private ProvisionStep Ask(ProvisionStep step)
    {
        var (node, pull) = step;
        var action = (pull, step.IsBuilt) switch
        {
            (null, _) => $"Build from {node.Plan.ShownSource}",
            (_, false) => $"Pull from {pull.Plan.Source}",
            _ => $"Pull from {pull.Plan.Source}, or build from {node.Plan.ShownSource}",
        };
        return !node.IsWanted || (node.Error is not null && pull is null) || command.ShouldProcess(node.Plan.Target, action)
            ? step
            : new ProvisionStep(node with { IsWanted = false }, null);
    }
}

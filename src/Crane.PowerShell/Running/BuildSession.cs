using Crane.Building;
using Crane.Commands.Base;
using Crane.Loading;
using Crane.Moving.Content;
using Crane.Moving.Run;
using Crane.Planning;

namespace Crane.Running;

/// <summary>One run of a cmdlet that builds: asks for approval, pulls, builds, and writes results in build order.</summary>
internal sealed class BuildSession(BuildCommand command)
{
    private readonly Dictionary<(string Container, string Target, string Action), bool> _approved = [];

    /// <summary>Whether images are pulled as well: those of pull plans, and those that are built only if no registry has them.</summary>
    public bool Pulls { get; init; }

    public bool OnlyChanged { get; init; }

    private IReadOnlyList<EngineChoice> Engines => field ??= command.Engines;

    public void Run(IReadOnlyList<RetagPlan> plans)
    {
        if (command.TryGet(command.Override) is not { } change)
            return;
        var valid = plans.Select(plan => Check(plan, change)).OfType<RetagPlan>().ToList();
        var graph = BuildGraph.Read(valid, Adapters.Current.Dockerfiles, command.Declared, command.Refused);
        command.WriteErrors(graph.Errors);
        command.CheckBuilder();
        var steps = graph.Nodes.Select(Step).ToList();
        var session = new PlanSession(command);
        var request = session.Request(steps.Select(step => step.Pull?.Remote.Registry).OfType<string>().Concat(graph.BaseRegistries));
        var runs = Engines.Select(engine => (Engine: engine, Steps: OnlyChanged ? Changed(graph, engine.Of(request)) : steps)).ToList();
        command.WarnIfAllAreSkipped(runs[0].Steps.Select(step => step.Node.Plan));

        // What has an error is missing here, or may not be begun.
        if (command is { Options.IsAtomic: true, HasErrors: true, IsWhatIf: false })
        {
            foreach (var node in runs[0].Steps.Select(step => step.Node))
                command.Write(node.IsWanted ? MoveSession.Kept(node.Plan) : NodeOutcomes.Unbegun(node));
            return;
        }

        var pulls = runs[0].Steps.ConvertAll(step => step.IsBuilt ? null : step.Pull);
        runs = runs.ConvertAll(run => (run.Engine, Steps: run.Steps.Select(Ask).ToList()));
        if (!runs.Exists(run => run.Steps.Exists(step => step.Pull is not null || step.Node.CanBegin)))
        {
            WriteUnbegun(runs[0].Steps, pulls, request);
            return;
        }

        var approved = runs.SelectMany(run => run.Steps).Where(step => step.Node.IsWanted).Select(step => step.Node.Plan);
        // In turn, because hooks work in the folders of crane files.
        session.Run(approved, request, (watched, observer, options, cancellation) => EngineRuns.InTurn(
            [.. runs.Select(run => Build(run.Steps, run.Engine.Of(watched), graph.Names, observer, options, cancellation))],
            cancellation));
    }

    private IAsyncEnumerable<RunOutcome> Build(
        IReadOnlyList<ProvisionStep> steps, StoreRequest request, BaseNames names, StreamObserver observer, RunOptions options,
        CancellationToken cancellation)
    {
        var isPulled = steps.Any(step => step.Pull is not null);
        var nodes = steps.Select(step => step.Node).ToList();
        return StoreRun.RunAsync(
            token => BuildStores.OpenAsync(command, request, nodes, isPulled ? options.ThrottleLimit : null, token),
            stores =>
            {
                IAsyncEnumerable<RunOutcome> Build(IReadOnlyList<BuildNode> nodes) =>
                    stores.BuildAsync(nodes, names, observer, options, cancellation);
                var outcomes = stores.Mover is { } mover
                    ? new ProvisionRunner(
                        moves => new PlanRunner(mover, Adapters.Current.Retry, observer, options).RunAsync(moves, cancellation),
                        Build, observer, options.StopOnError).RunAsync(steps, cancellation)
                    : Build(nodes);
                var wanted = nodes.Where(node => node.IsWanted).Select(node => node.Plan).ToList();
                string? SetOf(RetagPlan plan) =>
                    options.IsAtomic ? "-Atomic" : Pulls && plan.AtomicGroup is { } group ? $"{plan.Path} {group}" : null;
                return wanted.Exists(plan => SetOf(plan) is not null)
                    ? new RestoringRun(stores.Names, options.Journal, observer, SetOf).RunAsync(wanted, outcomes, cancellation)
                    : outcomes;
            },
            nodes.Select(node => node.Plan).ToList(),
            cancellation,
            request.Engine);
    }

    /// <summary>Writes the results of a run that begins nothing; under -WhatIf those of pulls say what would happen.</summary>
    private void WriteUnbegun(List<ProvisionStep> steps, List<CheckedMove?> pulls, StoreRequest request)
    {
        var moves = command.IsWhatIf ? pulls.OfType<CheckedMove>().ToList() : [];
        var settings = RegistrySettings.Merge(moves.SelectMany(move => move.Plan.RegistrySetting ?? []));
        var previews = new Queue<IReadOnlyList<RunOutcome>>(
            new MovePreview(command, Engines, new TransferOptions()).Run(request with { Registries = settings }, moves));
        for (var index = 0; index < steps.Count; index++)
        {
            IReadOnlyList<RunOutcome> outcomes = pulls[index] is not null && previews.TryDequeue(out var preview)
                ? preview : [NodeOutcomes.Unbegun(steps[index].Node)];
            foreach (var outcome in outcomes)
                command.Write(outcome);
        }
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

    private List<ProvisionStep> Changed(BuildGraph graph, StoreRequest request)
    {
        var nodes = graph.Nodes;
        try
        {
            new PipelinePump(command.StopToken).Run(async cancellation =>
            {
                await using var store = await Adapters.Current.OpenStoreAsync(request, cancellation);
                nodes = await Freshness.CheckAsync(
                    nodes, graph.Names, store, Adapters.Current.BuildInputs, changedOnly: true, cancellation);
            });
        }
        catch (CraneException error) when (error.Id == CraneErrorId.EngineUnreachable && Engines.Count > 1)
        {
            // The run reports it, and continues with the other engines.
        }

        return [.. nodes.Select(Step)];
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
        return !node.IsWanted || (!node.CanBegin && pull is null) || Approves(node.Plan, action)
            ? step
            : new ProvisionStep(node with { IsWanted = false }, null);
    }

    // Asks once for all engines.
    private bool Approves(RetagPlan plan, string action)
    {
        var question = (plan.Container, plan.Target, action);
        if (!_approved.TryGetValue(question, out var isApproved))
            _approved[question] = isApproved = command.ShouldProcess(plan.Target, action + EngineRuns.Place(Engines));
        return isApproved;
    }
}

using Crane.Input;
using Crane.Planning;

namespace Crane.Commands.Base;

/// <summary>
/// Collects plans from crane files and the pipeline, so that they can be checked together. Writes an error for each that is
/// invalid. Plans without an operation have the first of the given operations.
/// </summary>
/// <param name="registries">How to connect to registries of plans that are not of a crane file; null if that does not matter.</param>
internal sealed class PlanGatherer(
    SelectionCommand command, IReadOnlyList<RetagOperation> operations, Func<IReadOnlyList<CraneContainer>, PlanningResult> plan,
    NamedRegistries? registries = null)
{
    private readonly List<RetagPlan> _plans = [];
    private PipelineReader? _piped;

    private PipelineReader Piped => _piped ??= new(
        command, containers => Add(Plan(containers)), input => Add(Read(input)));

    /// <summary>Adds an object from the pipeline or, without one, the selected containers.</summary>
    public void Add(PSObject? input, string[]? names)
    {
        if (input is null)
            command.Try(() => Add(Plan(command.SelectContainers(names))));
        else
            Piped.Add(input);
    }

    /// <summary>Adds the plan given by parameters. Piped plans are refused: PowerShell would bind only their Source and Target.</summary>
    public void Add(RetagPlan plan) => command.Try(() => Add(!command.MyInvocation.ExpectingInput ? [plan] : throw new CraneException(
        CraneErrorId.InvalidValue,
        $"The plan {plan} is piped, but parameters for a single image are given: source, target, -Container or -Operation.",
        "Remove these parameters; the piped plan has its own values.").About(plan)));

    /// <summary>Returns the plans without conflicts; writes an error for each of the others.</summary>
    public IReadOnlyList<RetagPlan> WithoutConflicts(Func<IReadOnlyList<RetagPlan>, IReadOnlyList<RetagPlan>>? merge = null)
    {
        _piped?.Finish();
        var checkedPlans = TargetConflicts.TakeOut(merge?.Invoke(_plans) ?? _plans);
        command.WriteErrors(checkedPlans.Errors);
        return checkedPlans.Plans;
    }

    private void Add(IReadOnlyList<RetagPlan> plans)
    {
        foreach (var plan in plans)
        {
            if (operations.Contains(plan.Operation))
                command.Try(() => _plans.Add(registries?.Complete(plan) ?? plan), plan);
            else
                command.WriteErrors([PlanReader.OperationMismatch(plan, operations)]);
        }
    }

    private IReadOnlyList<RetagPlan> Read(PSObject input) =>
        operations.Contains(RetagOperation.Push) && PlanReader.ReadPushable(input) is { } result ? PushPlan.After(result)
        : PlanReader.IsPlan(input) ? [PlanReader.Read(input, operations[0])]
        : ContainerReader.IsContainer(input) ? Plan([ContainerReader.Read(input, [.. operations])])
        : throw input.NotRecognized("a plan, a container or its name", "the output of Get-CraneContainer or Get-CraneRetagPlan, or names");

    private IReadOnlyList<RetagPlan> Plan(IReadOnlyList<CraneContainer> containers)
    {
        var planned = plan(containers);
        command.WriteErrors(planned.Errors);
        return planned.Plans;
    }
}

using Crane.Input;
using Crane.Planning;

namespace Crane.Commands.Base;

/// <summary>
/// Collects plans from crane files and the pipeline, so that they can be checked together. Writes an error for each that is
/// invalid. Plans without an operation have the first of the given operations.
/// </summary>
internal sealed class PlanGatherer(
    SelectionCommand command, IReadOnlyList<RetagOperation> operations, Func<IReadOnlyList<CraneContainer>, PlanningResult> plan)
{
    private readonly List<RetagPlan> _plans = [];

    /// <summary>Adds an object from the pipeline or, without one, the selected containers.</summary>
    public void Add(PSObject? input, string[]? names)
    {
        if (input is null)
        {
            TryAdd(() => Plan(command.SelectContainers(names)));
            return;
        }

        foreach (var item in LanguagePrimitives.GetEnumerable(input) ?? new[] { input })
            TryAdd(() => Read(PSObject.AsPSObject(item)), item);
    }

    /// <summary>Adds the plan given by parameters. Piped plans are refused: PowerShell would bind only their Source and Target.</summary>
    public void Add(RetagPlan plan) => TryAdd(() => !command.MyInvocation.ExpectingInput ? [plan] : throw new CraneException(
        CraneErrorId.InvalidValue,
        $"The plan {plan} is piped, but parameters for a single image are given: source, target, -Container or -Operation.",
        "Remove these parameters; the piped plan has its own values.").About(plan));

    /// <summary>Returns the plans without conflicts; writes an error for each of the others.</summary>
    public IReadOnlyList<RetagPlan> WithoutConflicts(Func<IReadOnlyList<RetagPlan>, IReadOnlyList<RetagPlan>>? merge = null)
    {
        var checkedPlans = TargetConflicts.TakeOut(merge?.Invoke(_plans) ?? _plans);
        command.WriteErrors(checkedPlans.Errors);
        return checkedPlans.Plans;
    }

    private void TryAdd(Func<IReadOnlyList<RetagPlan>> read, object? target = null) => command.Try(
        () =>
        {
            foreach (var added in read())
            {
                if (operations.Contains(added.Operation))
                    _plans.Add(added);
                else
                    command.WriteErrors([PlanReader.OperationMismatch(added, operations)]);
            }
        },
        target);

    private IReadOnlyList<RetagPlan> Read(PSObject input) =>
        operations.Contains(RetagOperation.Push) && PlanReader.ReadPushable(input) is { } result ? PushPlan.After(result)
        : PlanReader.IsPlan(input) ? [PlanReader.Read(input, operations[0])]
        : ContainerReader.IsContainer(input) ? Plan([ContainerReader.Read(input, [.. operations])])
        : (input.String("PSPath") ?? input.String(nameof(command.LiteralPath))) is { } path ? PlanFile(path)
        : throw input.NotRecognized("a plan or a container", "the output of Get-CraneContainer or Get-CraneRetagPlan");

    // PowerShell has bound the file to InputObject, as it does any object.
    private IReadOnlyList<RetagPlan> PlanFile(string path)
    {
        command.LiteralPath = [path];
        return Plan(command.SelectContainers(null));
    }

    private IReadOnlyList<RetagPlan> Plan(IReadOnlyList<CraneContainer> containers)
    {
        var planned = plan(containers);
        command.WriteErrors(planned.Errors);
        return planned.Plans;
    }
}

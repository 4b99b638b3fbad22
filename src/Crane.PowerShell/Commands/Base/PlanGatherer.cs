using Crane.Input;
using Crane.Planning;

namespace Crane.Commands.Base;

/// <summary>
/// Gathers plans from crane files and from the pipeline, to be checked together before anything is done with them. What is
/// wrong with one of them is written, and the others go on. A plan that does not say its operation is of the first that runs.
/// </summary>
internal sealed class PlanGatherer(
    SelectionCommand command, IReadOnlyList<RetagOperation> runs, Func<IReadOnlyList<CraneContainer>, PlanningResult> plan)
{
    private readonly List<RetagPlan> _plans = [];

    /// <summary>Takes in an object of the pipeline; where there is none, the containers of those names.</summary>
    public void Take(PSObject? input, string[]? names)
    {
        if (input is null)
        {
            Take(() => Plan(command.SelectContainers(names)));
            return;
        }

        foreach (var item in LanguagePrimitives.GetEnumerable(input) ?? new[] { input })
            Take(() => Read(PSObject.AsPSObject(item)), item);
    }

    /// <summary>Takes in a plan that parameters make. Of what is piped beside them they would take the names alone.</summary>
    public void Take(RetagPlan made) => Take(() => !command.MyInvocation.ExpectingInput ? [made] : throw new CraneException(
        CraneErrorId.InvalidValue,
        $"The plan {made} is piped to parameters that are for one image: source, target, -Container or -Operation.",
        "Leave these out: what is piped says them itself.")
    {
        Target = made,
    });

    /// <summary>The plans that do not conflict; the conflicts of the others are written.</summary>
    /// <param name="merge">Looks at all plans together before conflicts are looked for.</param>
    public IReadOnlyList<RetagPlan> WithoutConflicts(Func<IReadOnlyList<RetagPlan>, IReadOnlyList<RetagPlan>>? merge = null)
    {
        var kept = TargetConflicts.TakeOut(merge?.Invoke(_plans) ?? _plans);
        command.WriteErrors(kept.Errors);
        return kept.Plans;
    }

    private void Take(Func<IReadOnlyList<RetagPlan>> read, object? target = null) => command.Try(
        () =>
        {
            foreach (var taken in read())
            {
                if (runs.Contains(taken.Operation))
                    _plans.Add(taken);
                else
                    command.WriteErrors([PlanReader.OperationMismatch(taken, runs)]);
            }
        },
        target);

    private IReadOnlyList<RetagPlan> Read(PSObject input) =>
        runs.Contains(RetagOperation.Push) && PlanReader.ReadMade(input) is { } made ? PushPlan.After(made)
        : PlanReader.IsPlan(input) ? [PlanReader.Read(input, runs[0])]
        : ContainerReader.IsContainer(input) ? Plan([ContainerReader.Read(input, [.. runs])])
        : (input.String("PSPath") ?? input.String(nameof(command.LiteralPath))) is { } path ? PlanFile(path)
        : throw input.NeitherNor("a plan or a container");

    // A file is an object like any other: PowerShell has bound it to InputObject.
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

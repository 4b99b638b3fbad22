using System.Management.Automation;
using Crane.Completion;
using Crane.Planning;

namespace Crane.Commands;

/// <summary>
/// What the cmdlets that take plans are: plans gathered from crane files and from the pipeline, and checked together before
/// anything is done with them.
/// </summary>
public abstract class PlanInputCommand : SelectionCommand
{
    private protected const string InputObjectSet = "InputObject";

    private readonly List<RetagPlan> _plans = [];

    /// <inheritdoc cref="GetCraneContainerCommand.Name"/>
    [Parameter(Position = 0, ParameterSetName = PathSet)]
    [Parameter(Position = 0, ParameterSetName = LiteralPathSet)]
    [ArgumentCompleter(typeof(ContainerCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? Name { get; set; }

    /// <summary>
    /// Containers, plans, or results to be run again: live, or objects with the same properties, as they are read back from
    /// JSON, CSV or CliXml. What would decide and is missing or misspelled is an error, and so is a plan of another operation
    /// than this cmdlet's.
    /// </summary>
    /// <remarks>Not an array: to make one of a piped plan is a conversion, and before that PowerShell would bind its Source and Target.</remarks>
    [Parameter(ParameterSetName = InputObjectSet, Mandatory = true, ValueFromPipeline = true)]
    [ValidateNotNull]
    public PSObject InputObject { get; set; } = new();

    /// <summary>The operations of the plans that this cmdlet runs; the first is that of a plan that does not say.</summary>
    private protected abstract IReadOnlyList<RetagOperation> Runs { get; }

    private protected override void Process()
    {
        if (ParameterSetName != InputObjectSet)
        {
            Gather(() => Plan(SelectContainers(Name)));
            return;
        }

        foreach (var input in LanguagePrimitives.GetEnumerable(InputObject) ?? new[] { InputObject })
            Gather(() => Read(PSObject.AsPSObject(input)), input);
    }

    private protected override void Finish()
    {
        base.Finish();
        var kept = TargetConflicts.TakeOut(Unite(_plans));
        WriteErrors(kept.Errors);
        Run(kept.Plans);
    }

    /// <summary>The plans of containers.</summary>
    private protected virtual PlanningResult PlansOf(IReadOnlyList<CraneContainer> containers) => Planner.Plan(containers, Runs[0]);

    /// <summary>Looks at all plans together, before conflicts are looked for.</summary>
    private protected virtual IReadOnlyList<RetagPlan> Unite(IReadOnlyList<RetagPlan> plans) => plans;

    /// <summary>Runs plans that are of this cmdlet's operation and do not conflict.</summary>
    private protected abstract void Run(IReadOnlyList<RetagPlan> plans);

    /// <summary>Nothing is silent: a run that does nothing at all says so.</summary>
    internal void WarnWhereAllAreSkipped(IEnumerable<RetagPlan> plans)
    {
        var statuses = plans.Select(plan => plan.Status).Distinct().ToList();
        if (statuses is [RetagStatus.Skipped])
            WriteWarning("Everything that was selected is skipped; the Reason of each result says why.");
    }

    /// <summary>Takes plans in; what is wrong with them is written here, and the others go on.</summary>
    private protected void Gather(Func<IReadOnlyList<RetagPlan>> read, object? target = null) => Try(
        () =>
        {
            foreach (var plan in read())
            {
                if (Runs.Contains(plan.Operation))
                    _plans.Add(plan);
                else
                    WriteErrors([InputErrors.OperationMismatch(plan, Runs)]);
            }
        },
        target);

    /// <summary>Takes in a plan that the parameters make.</summary>
    private protected void Gather(RetagPlan plan) => Gather(() => MyInvocation.ExpectingInput ? throw InputErrors.PipedBeside(plan) : [plan]);

    private IReadOnlyList<RetagPlan> Read(PSObject input) =>
        Runs.Contains(RetagOperation.Push) && PlanReader.ReadMade(input) is { } made ? PushPlan.After(made)
        : PlanReader.IsPlan(input) ? [PlanReader.Read(input, Runs[0])]
        : ContainerReader.IsContainer(input) ? Plan([ContainerReader.Read(input, [.. Runs])])
        : (input.Text("PSPath") ?? input.Text(nameof(LiteralPath))) is { } path ? PlanFile(path)
        : throw InputErrors.NeitherNor(input, "a plan or a container");

    // A file is an object like any other: PowerShell has bound it to InputObject.
    private IReadOnlyList<RetagPlan> PlanFile(string path)
    {
        LiteralPath = [path];
        return Plan(SelectContainers(null));
    }

    private IReadOnlyList<RetagPlan> Plan(IReadOnlyList<CraneContainer> containers)
    {
        var planned = PlansOf(containers);
        WriteErrors(planned.Errors);
        return planned.Plans;
    }
}

using System.Collections;
using System.Management.Automation;
using Crane.Completion;
using Crane.Planning;

namespace Crane.Commands;

/// <summary>
/// What Invoke-CranePull and Invoke-CranePush are: plans gathered from the pipeline, checked together before anything
/// moves, asked about, and run.
/// </summary>
public abstract class MoveCommand : SelectionCommand
{
    private const string InputObjectSet = "InputObject";
    private const string ReferenceSet = "Reference";

    private readonly List<RetagPlan> _plans = [];

    /// <summary>Containers or groups; wildcards allowed. Without it: the group <c>default</c>, or all.</summary>
    [Parameter(Position = 0, ParameterSetName = PathSet)]
    [Parameter(Position = 0, ParameterSetName = LiteralPathSet)]
    [ArgumentCompleter(typeof(ContainerCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? Name { get; set; }

    /// <summary>Containers, plans or results: live, or read back from JSON, CSV or CliXml.</summary>
    [Parameter(ParameterSetName = InputObjectSet, Mandatory = true, ValueFromPipeline = true)]
    [ValidateNotNull]
    public PSObject[] InputObject { get; set; } = [];

    /// <summary>The image to read.</summary>
    [Parameter(ParameterSetName = ReferenceSet, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string Source { get; set; } = "";

    /// <summary>The image to write.</summary>
    [Parameter(ParameterSetName = ReferenceSet, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string Target { get; set; } = "";

    /// <summary>A name for the result to carry.</summary>
    [Parameter(ParameterSetName = ReferenceSet, ValueFromPipelineByPropertyName = true)]
    public string Container { get; set; } = "";

    /// <summary>What the plan is, to be refused where it is not what this cmdlet runs.</summary>
    [Parameter(ParameterSetName = ReferenceSet, ValueFromPipelineByPropertyName = true)]
    public RetagOperation? Operation { get; set; }

    /// <summary>The local store: <c>docker</c>, a context, <c>unix://</c>, <c>npipe://</c> or <c>tcp://</c>.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(EngineCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Engine { get; set; }

    /// <summary>The credential for the one registry in play.</summary>
    [Parameter]
    [Credential]
    [ValidateNotNull]
    public PSCredential? Credential { get; set; }

    /// <summary>Credentials by registry.</summary>
    [Parameter]
    [ValidateNotNull]
    public IDictionary? RegistryCredential { get; set; }

    /// <summary>How many images move at the same time.</summary>
    [Parameter]
    [ValidateRange(1, 256)]
    public int ThrottleLimit { get; set; } = 8;

    /// <summary>Moves even what is up to date.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Pull or Push.</summary>
    private protected abstract RetagOperation Runs { get; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        switch (ParameterSetName)
        {
            case InputObjectSet:
                foreach (var input in InputObject)
                    Gather(() => Read(input));
                break;
            case ReferenceSet:
                Gather(() => [new RetagPlan { Container = Container, Operation = Operation ?? Runs, Source = Source, Target = Target }]);
                break;
            default:
                Gather(() => Plan(SelectContainers(Name)));
                break;
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        var kept = TargetConflicts.TakeOut(_plans);
        WriteErrors(kept.Errors);
        new MoveSession(this, StopToken).Run(kept.Plans);
    }

    private void Gather(Func<IReadOnlyList<RetagPlan>> read)
    {
        try
        {
            foreach (var plan in read())
            {
                if (plan.Operation == Runs)
                    _plans.Add(plan);
                else
                    WriteErrors([InputErrors.OperationMismatch(plan, Runs)]);
            }
        }
        catch (CraneException error)
        {
            WriteErrors([error]);
        }
    }

    private IReadOnlyList<RetagPlan> Read(PSObject input) =>
        PlanReader.IsPlan(input) ? [PlanReader.Read(input, Runs)]
        : ContainerReader.IsContainer(input) ? Plan([ContainerReader.Read(input)])
        : throw InputErrors.NeitherNor(input, "a plan or a container");

    private IReadOnlyList<RetagPlan> Plan(IReadOnlyList<CraneContainer> containers)
    {
        var planned = Planner.Plan(containers, Runs);
        WriteErrors(planned.Errors);
        return planned.Plans;
    }
}

using System.Collections;
using Crane.Completion;
using Crane.Moving.Run;
using Crane.Planning;

namespace Crane.Commands.Base;

/// <summary>The cmdlets that run plans, with credentials for the registries that take part.</summary>
public abstract class PlanCommand : SelectionCommand
{
    private protected PlanCommand() { }

    /// <inheritdoc cref="GetCraneContainerCommand.Name"/>
    [Parameter(Position = 0, ParameterSetName = PathSet), Parameter(Position = 0, ParameterSetName = LiteralPathSet)]
    [ArgumentCompleter(typeof(ContainerCompleter)), SupportsWildcards, ValidateNotNullOrEmpty]
    public string[]? Name { get; set; }

    /// <summary>
    /// Containers, plans, or results to be run again: live, or objects with the same properties, as they are read back from
    /// JSON, CSV or CliXml. What would decide and is missing or misspelled is an error, and so is a plan of another operation
    /// than this cmdlet's.
    /// </summary>
    /// <remarks>Not an array: to make one of a piped plan is a conversion, and before that PowerShell would bind its Source and Target.</remarks>
    [Parameter(ParameterSetName = InputObjectSet, Mandatory = true, ValueFromPipeline = true), ValidateNotNull]
    public PSObject? InputObject { get; set; }

    /// <summary>
    /// The user and password for the one registry that is read from or written to. Where there are several, it is an error: use
    /// <see cref="RegistryCredential"/>. Without both, docker's own configuration is used, with its credential helpers.
    /// </summary>
    [Parameter, Credential, ValidateNotNull]
    public PSCredential? Credential { get; set; }

    /// <summary>Credentials by registry, as in @{ 'ghcr.io' = Get-Credential bob }. The key of Docker Hub is docker.io.</summary>
    [Parameter, ValidateNotNull]
    public IDictionary? RegistryCredential { get; set; }

    /// <summary>How many images move at the same time, at most: 1 to 256.</summary>
    [Parameter, ValidateRange(1, 256)]
    public int ThrottleLimit { get; set; } = 8;

    /// <summary>The operations of the plans that this cmdlet runs; the first is that of a plan that does not say.</summary>
    private protected abstract IReadOnlyList<RetagOperation> Runs { get; }

    /// <summary>The plan that parameters for one image make; null where they are not used.</summary>
    private protected virtual RetagPlan? PlanOfParameters => null;

    private PlanGatherer Plans => field ??= new(this, Runs, PlansOf);

    /// <summary>The plans of containers.</summary>
    private protected virtual PlanningResult PlansOf(IReadOnlyList<CraneContainer> containers) => Planner.Plan(containers, Runs[0]);

    /// <summary>Looks at all plans together, before conflicts are looked for.</summary>
    private protected virtual IReadOnlyList<RetagPlan> Merge(IReadOnlyList<RetagPlan> plans) => plans;

    /// <summary>Runs plans that are of this cmdlet's operation and do not conflict.</summary>
    private protected abstract void Run(IReadOnlyList<RetagPlan> plans);

    private protected override void Process()
    {
        if (PlanOfParameters is { } plan)
            Plans.Take(plan);
        else
            Plans.Take(InputObject, Name);
    }

    private protected override void Finish()
    {
        base.Finish();
        Run(Plans.WithoutConflicts(Merge));
    }

    /// <summary>Writes how a plan ended. The result comes first: an error may end the pipeline, and the result is not to be lost.</summary>
    internal void Write(RunOutcome outcome)
    {
        WriteObject(outcome.Result);
        if (outcome.Error is { } error)
            WriteErrors([error]);
    }
}

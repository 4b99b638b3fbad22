using System.Collections;
using Crane.Building;
using Crane.Completion;
using Crane.Input;
using Crane.Loading;
using Crane.Locking;
using Crane.Moving.Run;
using Crane.Planning;

namespace Crane.Commands.Base;

/// <summary>The base of the cmdlets that run plans.</summary>
public abstract class PlanCommand : SelectionCommand
{
    private protected PlanCommand() { }

    /// <inheritdoc cref="GetCraneContainerCommand.Name"/>
    [Parameter(Position = 0, ParameterSetName = PathSet), Parameter(Position = 0, ParameterSetName = LiteralPathSet)]
    [ArgumentCompleter(typeof(ContainerCompleter)), SupportsWildcards, ValidateNotNullOrEmpty]
    public string[]? Name { get; set; }

    /// <summary>
    /// Names of containers or groups, objects that have a Name and nothing else that matters, or crane files; the parameters that select
    /// from crane files go with these. Or containers, plans, or results to be run again: live, or objects with the same properties, such
    /// as those read back from JSON, CSV or CliXml, and hashtables. A missing or misspelled property that decides where an image goes is an error, and so is a plan with
    /// an operation that this cmdlet does not run.
    /// </summary>
    /// <remarks>Not an array, because PowerShell would then bind the Source and Target of a piped plan first.</remarks>
    [Parameter(ParameterSetName = InputObjectSet, Mandatory = true, ValueFromPipeline = true), ValidateNotNull]
    public PSObject? InputObject { get; set; }

    /// <summary>
    /// The user and password for the only registry that is used. With several registries it is an error; use
    /// <see cref="RegistryCredential"/>. The default is docker's configuration, including its credential helpers.
    /// </summary>
    [Parameter, Credential, ValidateNotNull]
    public PSCredential? Credential { get; set; }

    /// <summary>Credentials by registry, as in @{ 'ghcr.io' = Get-Credential bob }. The key for Docker Hub is docker.io.</summary>
    [Parameter, ValidateNotNull]
    public IDictionary? RegistryCredential { get; set; }

    /// <summary>The maximum number of images that move at the same time, from 1 to 256.</summary>
    [Parameter, ValidateRange(1, 256)]
    public int ThrottleLimit { get; set; } = 8;

    /// <summary>The options of a run.</summary>
    internal virtual RunOptions Options => new(ThrottleLimit, Force: false, StopsAtErrors)
    {
        Journal = Adapters.Current.Journal,
        Gate = new HookGate(Adapters.Current.Hooks),
    };

    /// <summary>The lock of a plan that is run; null without -Locked.</summary>
    internal Func<RetagPlan, LockedRun>? LockOf => IsLocked ? Locks.Of : null;

    /// <summary>Whether plans go by lock files.</summary>
    private protected virtual bool IsLocked => false;

    /// <summary>The operations that this cmdlet runs; the first one is the default for plans without an operation.</summary>
    private protected abstract IReadOnlyList<RetagOperation> Operations { get; }

    /// <summary>The plan given by parameters such as -Source and -Target; null if there is none.</summary>
    private protected virtual RetagPlan? PlanFromParameters => null;

    /// <summary>How to connect to the registries of plans that are not of a crane file.</summary>
    private protected virtual NamedRegistries Registries =>
        field ??= new(SessionState.Path, isInsecure: false, certificateAuthority: null, WriteWarning);

    private PlanGatherer Plans => field ??= new(this, Operations, PlansFor, Registries);

    private LockedPlans Locks => field ??= new(this);

    private RowLabels _labels = new([]);

    private protected virtual PlanningResult PlansFor(IReadOnlyList<CraneContainer> containers) => Planner.Plan(containers, Operations[0]);

    /// <summary>Merges plans that belong together, before conflicts are looked for.</summary>
    private protected virtual IReadOnlyList<RetagPlan> Merge(IReadOnlyList<RetagPlan> plans) => plans;

    /// <summary>Runs plans that have this cmdlet's operations and do not conflict.</summary>
    private protected abstract void Run(IReadOnlyList<RetagPlan> plans);

    private protected override void Process()
    {
        if (PlanFromParameters is { } plan)
            Plans.Add(plan);
        else
            Plans.Add(InputObject, Name);
    }

    private protected override void Finish()
    {
        base.Finish();
        var plans = Plans.WithoutConflicts(plans => IsLocked ? Locks.Apply(Merge(plans)) : Merge(plans));
        _labels = new RowLabels(plans, Engines is { Count: > 1 });
        Run(plans);
    }

    /// <summary>Writes the outcome of a plan; the result comes first, because the error may end the pipeline.</summary>
    internal void Write(RunOutcome outcome)
    {
        WriteObject(_labels.Label(outcome.Result));
        if (outcome.Error is { } error)
            WriteErrors([error]);
    }
}

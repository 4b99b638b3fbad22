using System.Management.Automation;
using Crane.Completion;
using Crane.Planning;

namespace Crane.Commands;

/// <summary>Emits what would be pulled, built and pushed; touches nothing.</summary>
[Cmdlet(VerbsCommon.Get, "CraneRetagPlan", DefaultParameterSetName = PathSet)]
[OutputType(typeof(RetagPlan))]
public sealed class GetCraneRetagPlanCommand : SelectionCommand
{
    private const string InputObjectSet = "InputObject";

    private readonly List<CraneContainer> _containers = [];

    /// <summary>Which plans: Pull, Build, Push.</summary>
    [Parameter(Position = 0)]
    [ValidateSet(nameof(RetagOperation.Pull), nameof(RetagOperation.Build), nameof(RetagOperation.Push))]
    public RetagOperation[] Operation { get; set; } = [RetagOperation.Pull, RetagOperation.Build, RetagOperation.Push];

    /// <summary>Containers or groups; wildcards allowed. Without it: the group <c>default</c>, or all.</summary>
    [Parameter(Position = 1, ParameterSetName = PathSet)]
    [Parameter(Position = 1, ParameterSetName = LiteralPathSet)]
    [ArgumentCompleter(typeof(ContainerCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? Name { get; set; }

    /// <summary>Containers, as Get-CraneContainer emits them.</summary>
    [Parameter(ParameterSetName = InputObjectSet, Mandatory = true, ValueFromPipeline = true)]
    [ValidateNotNull]
    public PSObject[] InputObject { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (ParameterSetName != InputObjectSet)
        {
            _containers.AddRange(SelectContainers(Name));
            return;
        }

        foreach (var input in InputObject)
        {
            if (ContainerReader.IsContainer(input))
                _containers.Add(ContainerReader.Read(input));
            else
                WriteErrors([InputErrors.NeitherNor(input, "a container")]);
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        foreach (var operation in Operation)
        {
            var planned = Planner.Plan(_containers, operation);
            var kept = TargetConflicts.TakeOut(planned.Plans);
            WriteErrors(planned.Errors);
            WriteErrors(kept.Errors);
            WriteObject(kept.Plans, enumerateCollection: true);
        }
    }
}

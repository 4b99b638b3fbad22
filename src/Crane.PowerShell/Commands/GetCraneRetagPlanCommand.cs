using Crane.Building;
using Crane.Commands.Base;
using Crane.Completion;
using Crane.Input;
using Crane.Loading;
using Crane.Planning;

namespace Crane.Commands;

/// <summary>Emits what would be pulled, built and pushed; touches nothing.</summary>
/// <remarks>
/// <para>A plan says Source -> Target: a pull goes from a registry to the plain local name, a build from a context to the
/// plain name, a push from the plain name to a registry. Step has the docker command lines that do the same. Planning needs
/// neither network nor engine.</para>
/// <para>A plan that need not be run has the Status Skipped and a Reason; it is emitted, too, so that nothing is silent. A
/// container that cannot be planned is an error, and so are plans that would write different images to one target.</para>
/// <para>Plans are made to be looked at before they are run: they can be filtered, kept as JSON, CSV or CliXml, approved by
/// somebody else, read back and piped to Invoke-CranePull and Invoke-CranePush.</para>
/// </remarks>
/// <input cref="CraneContainer">Containers, live or read back from JSON, CSV or CliXml.</input>
/// <input cref="RetagResult">With Push alone: results of pulls and builds, live or read back, whose images are to be pushed.</input>
/// <input cref="PSObject">Objects with a property LiteralPath or PSPath, such as files.</input>
/// <example>
/// See what a push would do
/// <code>
/// Get-CraneRetagPlan Push
/// </code>
/// <para>Without Push it emits the plans of all operations: first those of Pull, then of Build, then of Push.</para>
/// </example>
/// <example>
/// Push part of a stack
/// <code>
/// Get-CraneContainer os, serv* | Get-CraneRetagPlan Push | Where-Object Target -like 'registry.bob.*' | Invoke-CranePush
/// </code>
/// <para>Containers make plans, plans are filtered by what they say, and what is left is run.</para>
/// </example>
/// <example>
/// Have a plan approved
/// <code>
/// Get-CraneRetagPlan Push | ConvertTo-Json -EnumsAsStrings | Set-Content plan.json
/// Get-Content plan.json | ConvertFrom-Json | Invoke-CranePush
/// </code>
/// <para>Between the two lines the file can be reviewed, changed and sent to another machine. Names are checked again before
/// anything moves.</para>
/// </example>
/// <example>
/// Review a plan as a table
/// <code>
/// Get-CraneRetagPlan Pull -Group core | Export-Csv plan.csv
/// Import-Csv plan.csv | Where-Object Status -eq Planned | Invoke-CranePull
/// </code>
/// <para>A spreadsheet may delete lines in between. The columns Source and Target are all that a plan needs.</para>
/// </example>
/// <example>
/// Make a script for a machine without PowerShell
/// <code>
/// Get-CraneRetagPlan Pull | ForEach-Object Step | Set-Content pull.sh
/// </code>
/// <para>The steps are quoted for a POSIX shell.</para>
/// </example>
/// <seealso cref="GetCraneContainerCommand"/>
/// <seealso cref="InvokeCranePullCommand"/>
/// <seealso cref="InvokeCranePushCommand"/>
[Cmdlet(VerbsCommon.Get, "CraneRetagPlan", DefaultParameterSetName = PathSet)]
[OutputType(typeof(RetagPlan))]
public sealed class GetCraneRetagPlanCommand : SelectionCommand
{
    private readonly List<CraneContainer> _containers = [];
    private readonly List<RetagPlan> _pushes = [];

    /// <summary>The operations to plan, in the order in which their plans are emitted: Pull, Build and Push, unless others are given.</summary>
    [Parameter(Position = 0)]
    [ValidateSet(nameof(RetagOperation.Pull), nameof(RetagOperation.Build), nameof(RetagOperation.Push), nameof(RetagOperation.Copy))]
    public RetagOperation[] Operation { get; set; } = [RetagOperation.Pull, RetagOperation.Build, RetagOperation.Push];

    /// <inheritdoc cref="GetCraneContainerCommand.Name"/>
    [Parameter(Position = 1, ParameterSetName = PathSet), Parameter(Position = 1, ParameterSetName = LiteralPathSet)]
    [ArgumentCompleter(typeof(ContainerCompleter)), SupportsWildcards, ValidateNotNullOrEmpty]
    public string[]? Name { get; set; }

    /// <summary>
    /// Containers, as <see cref="GetCraneContainerCommand"/> emits them, or objects with the same properties, as they are read
    /// back from JSON, CSV or CliXml. They must have the properties that the plans need: Pull and Build, Push. With Push alone also
    /// results of pulls and builds: what has failed is skipped.
    /// </summary>
    [Parameter(ParameterSetName = InputObjectSet, Mandatory = true, ValueFromPipeline = true), ValidateNotNull]
    public PSObject[] InputObject { get; set; } = [];

    private protected override void Process()
    {
        if (ParameterSetName != InputObjectSet)
        {
            _containers.AddRange(SelectContainers(Name));
            return;
        }

        foreach (var input in InputObject)
            Try(() => Take(input), input);
    }

    private protected override void Finish()
    {
        base.Finish();
        foreach (var operation in Operation)
        {
            var planned = Planner.Plan(_containers, operation);
            var kept = TargetConflicts.TakeOut([.. planned.Plans, .. _pushes]);
            WriteErrors(planned.Errors);
            WriteErrors(kept.Errors);
            WriteObjects(operation == RetagOperation.Build ? InBuildOrder(kept.Plans) : kept.Plans);
        }
    }

    private void Take(PSObject input)
    {
        if (PlanReader.ReadMade(input) is not { } made)
            _containers.Add(ContainerReader.Read(input, Operation));
        else if (Operation is [RetagOperation.Push])
            _pushes.AddRange(PushPlan.After(made));
        else
            throw PlanReader.OperationMismatch(made.Plan, Operation);
    }

    // A Dockerfile that is not there yet keeps nobody from planning; the plan says so.
    private List<RetagPlan> InBuildOrder(IReadOnlyList<RetagPlan> plans)
    {
        var graph = BuildGraph.Read(plans, Adapters.Current.Dockerfiles, Declared);
        WriteErrors(graph.Errors);
        return graph.Nodes.Select(node => node.Fault is { } fault ? node.Plan with { Reason = fault.Message } : node.Plan).ToList();
    }
}

using System.Collections;
using Crane.Building;
using Crane.Commands.Base;
using Crane.Completion;
using Crane.Input;
using Crane.Loading;
using Crane.Moving.Content;
using Crane.Moving.Run;
using Crane.Planning;
using Crane.Resolving;
using Crane.Running;

namespace Crane.Commands;

/// <summary>Emits what would be pulled, built and pushed, without doing it.</summary>
/// <remarks>
/// <para>A plan has a Source and a Target: a pull goes from a registry to the plain local name, a build from a context to the
/// plain name, a push from the plain name to a registry. Step has docker command lines with the same effect. Planning needs
/// neither network nor engine.</para>
/// <para>With -Resolve it also looks up what would happen now, in the engine and in registries: Digest is the image that would be
/// moved, TargetDigest what it would replace, SizeBytes how many bytes that takes, and a plan with nothing to do has the Status
/// UpToDate. A resolved plan is run by its Digest. If that image is gone when it is run, the error is DigestMismatch; if the target
/// has changed since, TargetMoved. Build plans are not resolved.</para>
/// <para>-CertificateAuthority and -Insecure are for all registries of what is piped. Containers that are not of a crane file also use
/// the registries section of the crane file in the current location or its nearest parent, if there is one. The plans keep these
/// settings.</para>
/// <para>Plans that need not be run are emitted as well, with the Status Skipped and a Reason. A container that cannot be
/// planned is an error, and so are plans that would write different images to the same target.</para>
/// <para>Plans can be reviewed before they are run: filter them, save them as JSON, CSV or CliXml, have them approved, read
/// them back and pipe them to Invoke-CranePull and Invoke-CranePush.</para>
/// </remarks>
/// <input cref="string">Names of containers or groups.</input>
/// <input cref="CraneContainer">Containers, live or read back from JSON, CSV or CliXml.</input>
/// <input cref="RetagResult">With Push alone: results of pulls and builds, live or read back, whose images are to be pushed.</input>
/// <input cref="PSObject">Objects with a property LiteralPath or PSPath, such as files.</input>
/// <example>
/// See what a push would do
/// <code>
/// Get-CraneRetagPlan Push
/// </code>
/// <para>Without Push it emits plans for all operations: first Pull, then Build, then Push.</para>
/// </example>
/// <example>
/// Push part of a stack
/// <code>
/// Get-CraneContainer os, serv* | Get-CraneRetagPlan Push | Where-Object Target -like 'registry.bob.*' | Invoke-CranePush
/// </code>
/// <para>Containers become plans, plans are filtered by their properties, and the remaining plans are run.</para>
/// </example>
/// <example>
/// Have a plan approved
/// <code>
/// Get-CraneRetagPlan Push | ConvertTo-Json | Set-Content plan.json
/// Get-Content plan.json | ConvertFrom-Json | Invoke-CranePush
/// </code>
/// <para>Between the two lines the file can be reviewed, edited and sent to another machine. Names are checked again before
/// anything moves.</para>
/// </example>
/// <example>
/// Have exactly what was reviewed pushed
/// <code>
/// Get-CraneRetagPlan Push -Resolve | Export-Csv plan.csv
/// Import-Csv plan.csv | Where-Object Status -eq Planned | Invoke-CranePush
/// </code>
/// <para>An image that was built again in between, or a target to which somebody else has pushed, is refused.</para>
/// </example>
/// <example>
/// Review a plan as a table
/// <code>
/// Get-CraneRetagPlan Pull -Group core | Export-Csv plan.csv
/// Import-Csv plan.csv | Where-Object Status -eq Planned | Invoke-CranePull
/// </code>
/// <para>In between, rows can be deleted in a spreadsheet. A plan needs only the columns Source and Target.</para>
/// </example>
/// <example>
/// Make a script for a machine without PowerShell
/// <code>
/// Get-CraneRetagPlan Pull | ForEach-Object Step | Set-Content pull.sh
/// </code>
/// <para>The steps are quoted for a POSIX shell. The script ends at the first command that fails.</para>
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

    /// <summary>The operations to plan, in the order in which their plans are emitted. The default is Pull, Build, Push.</summary>
    [Parameter(Position = 0)]
    [ValidateSet(nameof(RetagOperation.Pull), nameof(RetagOperation.Build), nameof(RetagOperation.Push), nameof(RetagOperation.Copy))]
    public RetagOperation[] Operation { get; set; } = [RetagOperation.Pull, RetagOperation.Build, RetagOperation.Push];

    /// <inheritdoc cref="GetCraneContainerCommand.Name"/>
    [Parameter(Position = 1, ParameterSetName = PathSet), Parameter(Position = 1, ParameterSetName = LiteralPathSet)]
    [ArgumentCompleter(typeof(ContainerCompleter)), SupportsWildcards, ValidateNotNullOrEmpty]
    public string[]? Name { get; set; }

    /// <summary>Looks up in the engine and in registries what each plan would move and replace. Nothing is changed.</summary>
    [Parameter]
    public SwitchParameter Resolve { get; set; }

    /// <summary>With -Resolve, the engine that holds the local images, as for Invoke-CranePull.</summary>
    [Parameter, ArgumentCompleter(typeof(EngineCompleter)), ValidateNotNullOrEmpty]
    public string? Engine { get; set; }

    /// <inheritdoc cref="PlanCommand.Credential"/>
    [Parameter, Credential, ValidateNotNull]
    public PSCredential? Credential { get; set; }

    /// <inheritdoc cref="PlanCommand.RegistryCredential"/>
    [Parameter, ValidateNotNull]
    public IDictionary? RegistryCredential { get; set; }

    /// <inheritdoc cref="ConnectCraneRegistryCommand.CertificateAuthority"/>
    [Parameter(ParameterSetName = InputObjectSet), ValidateNotNullOrEmpty]
    public string? CertificateAuthority { get; set; }

    /// <inheritdoc cref="ConnectCraneRegistryCommand.Insecure"/>
    [Parameter(ParameterSetName = InputObjectSet)]
    public SwitchParameter Insecure { get; set; }

    /// <summary>With -Resolve, the maximum number of plans that are looked up at the same time, from 1 to 256.</summary>
    [Parameter, ValidateRange(1, 256)]
    public int ThrottleLimit { get; set; } = 8;

    /// <summary>With Copy alone: the remote of the crane file to copy from, instead of where each container is pulled from.</summary>
    [Parameter(ParameterSetName = PathSet), Parameter(ParameterSetName = LiteralPathSet)]
    [ArgumentCompleter(typeof(RemoteCompleter)), ValidateNotNullOrEmpty]
    public string? From { get; set; }

    /// <summary>With Copy alone: the remote of the crane file to copy to; its overwrite applies.</summary>
    [Parameter(ParameterSetName = PathSet), Parameter(ParameterSetName = LiteralPathSet)]
    [ArgumentCompleter(typeof(RemoteCompleter)), ValidateNotNullOrEmpty]
    public string? To { get; set; }

    /// <summary>
    /// Adds the digests in the lock file crane.lock, beside the crane file, to the plans of pulls and copies, which are then run by them,
    /// and what their targets had to those of pushes and copies. An image that the lock does not have is the error NotLocked, and one that
    /// the crane file has changed since is LockOutdated.
    /// </summary>
    [Parameter]
    public SwitchParameter Locked { get; set; }

    /// <summary>
    /// Names of containers or groups, containers from <see cref="GetCraneContainerCommand"/>, or objects with the same properties, such
    /// as those read back from JSON, CSV or CliXml. They must have the properties that the plans need: Pull, Build, Push. With Push alone also results of
    /// pulls and builds; failed ones are skipped.
    /// </summary>
    [Parameter(ParameterSetName = InputObjectSet, Mandatory = true, ValueFromPipeline = true), ValidateNotNull]
    public PSObject? InputObject { get; set; }

    private protected override (string From, string To)? Route => RouteOf(From, To) switch
    {
        { } when Operation is not [RetagOperation.Copy] => throw new CraneException(
            CraneErrorId.InvalidValue, $"-From and -To are given for {string.Join(", ", Operation)}.",
            "Use them with the operation Copy alone: only copies go from remote to remote."),
        var route => route,
    };

    private NamedRegistries Registries => field ??= new(SessionState.Path, Insecure, CertificateAuthority, WriteWarning);

    private PipelineReader Piped => field ??= new(this, _containers.AddRange, Add);

    private protected override void Process()
    {
        if (InputObject is null)
            _containers.AddRange(SelectContainers(Name));
        else
            Piped.Add(InputObject);
    }

    private protected override void Finish()
    {
        Piped.Finish();
        base.Finish();
        var locks = new LockedPlans(this);
        foreach (var operation in Operation)
        {
            var planned = Planner.Plan(_containers, operation);
            var isLocked = Locked && operation != RetagOperation.Build;
            var checkedPlans = TargetConflicts.TakeOut([.. isLocked ? locks.Apply(planned.Plans) : planned.Plans, .. _pushes]);
            WriteErrors(planned.Errors);
            WriteErrors(checkedPlans.Errors);
            var connected = checkedPlans.Plans.Select(plan => TryGet(() => Registries.Complete(plan), plan)).OfType<RetagPlan>().ToList();
            var plans = operation == RetagOperation.Build ? InBuildOrder(connected) : Resolve ? Resolved(connected) : connected;
            WriteObjects(plans.Select(new RowLabels(plans).Label));
        }
    }

    private List<RetagPlan> Resolved(List<RetagPlan> plans)
    {
        var steps = plans.Select(plan => MoveStep.Check(this, plan)).OfType<MoveStep>().ToList();
        var moves = steps.Select(step => step.Move).OfType<CheckedMove>().ToList();
        if (moves.Count == 0)
            return [.. steps.Select(step => step.Plan)];
        var request = RegistryCredentials.Request(
            FileSystemPath.OfEngine(SessionState.Path, Engine), Credential, RegistryCredential,
            moves.SelectMany(move => move.Registries), moves.SelectMany(move => move.Plan.RegistrySetting ?? []));
        var resolved = new Queue<ResolvedPlan>(
            new ResolveSession(this, new RunOptions(ThrottleLimit, Force: false, StopsAtErrors), new TransferOptions())
                .Run(request, moves));
        var all = new List<RetagPlan>(plans.Count);
        foreach (var (plan, move) in steps)
        {
            var found = move is null ? new ResolvedPlan(plan, null) : resolved.Dequeue();
            if (found.Error is { } error)
                WriteErrors([error]);
            else if (found.Refusal is { } refusal)
                // Running the plan replaces it all the same: the plan says what it replaces, and that was reviewed.
                all.Add(found.Plan with { Reason = refusal.Message });
            else
                all.Add(found.Plan);
        }

        return all;
    }

    private void Add(PSObject input)
    {
        if (PlanReader.ReadPushable(input) is not { } result)
            _containers.Add(ContainerReader.Read(input, Operation));
        else if (Operation is [RetagOperation.Push])
            _pushes.AddRange(PushPlan.After(result));
        else
            throw PlanReader.OperationMismatch(result.Plan, Operation);
    }

    // A Dockerfile that does not exist yet is no reason not to plan; the plan's Reason says so.
    private List<RetagPlan> InBuildOrder(IReadOnlyList<RetagPlan> plans)
    {
        var graph = BuildGraph.Read(plans, Adapters.Current.Dockerfiles, Declared);
        WriteErrors(graph.Errors);
        return graph.Nodes.Select(node => node.Error is null ? node.Plan : node.Plan with { Reason = node.Reason }).ToList();
    }
}

using Crane.Commands.Base;
using Crane.Completion;
using Crane.Planning;
using Crane.Running;

namespace Crane.Commands;

/// <summary>Gets images here under their plain names: pulls those of others, builds ours.</summary>
/// <remarks>
/// <para>Afterwards everything that is selected can be used under its plain name. What is built here is built, as
/// Invoke-CraneBuild does it; all else is pulled, as Invoke-CranePull does it. An image that another
/// container of the crane file builds is not pulled: it is built with that one where that is selected, too, else skipped.</para>
/// <para>With -PreferPull, what is built here and has a pull directive is pulled, too, and built only where the registry does not
/// have it. That is no error then; the Reason of the result says it. Any other failure of a pull is one.</para>
/// <para>All pulls come first, in parallel; then what is built, bases first. A build whose base was to be pulled in the same run
/// and was not is not begun. The results come in build
/// order. What fails for one image is an error about its plan and a result with the Status Failed, and the others go
/// on.</para>
/// </remarks>
/// <input cref="CraneContainer">Containers to get, live or read back from JSON, CSV or CliXml.</input>
/// <input cref="RetagPlan">Pull and build plans to run, live or read back.</input>
/// <input cref="RetagResult">Results of earlier runs, to be run again.</input>
/// <example>
/// Get a stack ready to run
/// <code>
/// Invoke-CraneProvision
/// </code>
/// <para>Pulls and builds the group default, or all containers, of the crane file of the current location or of its nearest
/// parent.</para>
/// </example>
/// <example>
/// Save the time of building
/// <code>
/// Invoke-CraneProvision service -WithDependency -PreferPull | Where-Object Operation -eq Build | Select-Object Target, Reason
/// </code>
/// <para>Shows what no registry had, and had to be built.</para>
/// </example>
/// <example>
/// Work on one image of a stack
/// <code>
/// Invoke-CraneProvision -Exclude service -PreferPull
/// Invoke-CraneBuild service
/// </code>
/// <para>Everything around the service comes from the registry, the service from its folder.</para>
/// </example>
/// <seealso cref="InvokeCranePullCommand"/>
/// <seealso cref="InvokeCraneBuildCommand"/>
/// <seealso cref="GetCraneRetagPlanCommand"/>
[Cmdlet(VerbsLifecycle.Invoke, "CraneProvision", SupportsShouldProcess = true, DefaultParameterSetName = PathSet)]
[OutputType(typeof(RetagResult))]
public sealed class InvokeCraneProvisionCommand : PlanCommand, IBuildParameters
{
    /// <summary>
    /// Pulls the containers that are built here, too, where their pull section has a registry or override_user; builds those
    /// that the registry does not have. Plans that are piped stay what they are: their PullReference says the same.
    /// </summary>
    [Parameter]
    public SwitchParameter PreferPull { get; set; }

    /// <summary>
    /// Pulls every image that is pulled, without asking whether it is up to date, or whether its plain name is the last one of an
    /// image that is nowhere else.
    /// </summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc cref="InvokeCranePullCommand.Engine"/>
    [Parameter, ArgumentCompleter(typeof(EngineCompleter)), ValidateNotNullOrEmpty]
    public string? Engine { get; set; }

    /// <inheritdoc cref="InvokeCraneBuildCommand.NoCache"/>
    [Parameter]
    public SwitchParameter NoCache { get; set; }

    /// <inheritdoc cref="InvokeCraneBuildCommand.Pull"/>
    [Parameter]
    public SwitchParameter Pull { get; set; }

    /// <inheritdoc cref="InvokeCraneBuildCommand.BuildArgument"/>
    [Parameter, ValidateNotNullOrEmpty]
    public object[] BuildArgument { get; set; } = [];

    /// <inheritdoc cref="InvokeCraneBuildCommand.Target"/>
    [Parameter, ValidateNotNullOrEmpty]
    public string? Target { get; set; }

    /// <inheritdoc cref="InvokeCraneBuildCommand.Network"/>
    [Parameter, ValidateNotNullOrEmpty]
    public string? Network { get; set; }

    /// <inheritdoc cref="InvokeCraneBuildCommand.Builder"/>
    [Parameter]
    public BuilderKind Builder { get; set; }

    /// <inheritdoc cref="InvokeCraneBuildCommand.BuilderName"/>
    [Parameter, ValidateNotNullOrEmpty]
    public string? BuilderName { get; set; }

    /// <inheritdoc cref="InvokeCraneBuildCommand.Platform"/>
    [Parameter, ValidateNotNullOrEmpty]
    public string[] Platform { get; set; } = [];

    private protected override IReadOnlyList<RetagOperation> Runs => [RetagOperation.Pull, RetagOperation.Build];

    private protected override PlanningResult PlansOf(IReadOnlyList<CraneContainer> containers) =>
        Planner.Plan(containers, container => [ProvisionPlan.For(container, PreferPull)]);

    private protected override IReadOnlyList<RetagPlan> Merge(IReadOnlyList<RetagPlan> plans) => ProvisionPlan.Merge(plans);

    private protected override void Run(IReadOnlyList<RetagPlan> plans) =>
        new BuildSession(this, this) { Pulls = true, Force = Force }.Run(plans);
}

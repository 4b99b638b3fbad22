using Crane.Commands.Base;
using Crane.Moving.Run;
using Crane.Planning;
using Crane.Running;

namespace Crane.Commands;

/// <summary>Provides images locally with their plain names: builds ours, pulls the others.</summary>
/// <remarks>
/// <para>Afterwards everything that is selected can be used by its plain name. Images that are built here are built, as by
/// Invoke-CraneBuild; the others are pulled, as by Invoke-CranePull. An image that another container of the crane file builds is
/// not pulled: it is built with that container if it is selected, too, otherwise skipped.</para>
/// <para>With -PreferPull, an image that is built here but has a pull directive is pulled as well, and built only if the registry
/// does not have it. That is not an error; the Reason of the result mentions it. Any other failure to pull is an error.</para>
/// <para>All pulls run first, in parallel; then the builds, bases first. If a base should have been pulled in the same run but
/// was not, the build is not started. Results are in build order. A failure concerns one image, with an error about its plan and
/// a result with the Status Failed; the others continue.</para>
/// </remarks>
/// <input cref="string">Names of containers or groups.</input>
/// <input cref="CraneContainer">Containers to provide, live or read back from JSON, CSV or CliXml.</input>
/// <input cref="RetagPlan">Pull and build plans to run, live or read back.</input>
/// <input cref="RetagResult">Results of earlier runs, to be run again.</input>
/// <example>
/// Get a stack ready to run
/// <code>
/// Invoke-CraneProvision
/// </code>
/// <para>Pulls and builds the group default, or all containers, of the crane file in the current location or its nearest
/// parent.</para>
/// </example>
/// <example>
/// Avoid builds
/// <code>
/// Invoke-CraneProvision service -WithDependency -PreferPull | Where-Object Operation -eq Build | Select-Object Target, Reason
/// </code>
/// <para>Shows the images that had to be built because no registry had them.</para>
/// </example>
/// <example>
/// Work on one image of a stack
/// <code>
/// Invoke-CraneProvision -Exclude service -PreferPull
/// Invoke-CraneBuild service
/// </code>
/// <para>Everything else comes from the registry; the service is built from its folder.</para>
/// </example>
/// <seealso cref="InvokeCranePullCommand"/>
/// <seealso cref="InvokeCraneBuildCommand"/>
/// <seealso cref="GetCraneRetagPlanCommand"/>
[Cmdlet(VerbsLifecycle.Invoke, "CraneProvision", SupportsShouldProcess = true, DefaultParameterSetName = PathSet)]
[OutputType(typeof(RetagResult))]
public sealed class InvokeCraneProvisionCommand : BuildCommand
{
    /// <summary>
    /// Also pulls images that are built here, if their pull section has a registry or override_user; builds those that the
    /// registry does not have. Piped plans are not affected: they have a PullReference instead.
    /// </summary>
    [Parameter]
    public SwitchParameter PreferPull { get; set; }

    /// <summary>Pulls images even if they are up to date, or if that removes the last name of an image that exists nowhere else.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>
    /// Names all images or none: if a pull or a build fails, all names are put back to what they were before the run, and the other
    /// images are Canceled. A run that was killed is put back by the next one.
    /// </summary>
    [Parameter]
    public SwitchParameter Atomic { get; set; }

    internal override RunOptions Options => base.Options with { Force = Force, IsAtomic = Atomic };

    private protected override IReadOnlyList<RetagOperation> Operations => [RetagOperation.Pull, RetagOperation.Build];

    private protected override PlanningResult PlansFor(IReadOnlyList<CraneContainer> containers) =>
        Planner.Plan(containers, container => [ProvisionPlan.For(container, PreferPull)]);

    private protected override IReadOnlyList<RetagPlan> Merge(IReadOnlyList<RetagPlan> plans) => ProvisionPlan.Merge(plans);

    private protected override void Run(IReadOnlyList<RetagPlan> plans) =>
        new BuildSession(this) { Pulls = true }.Run(plans);
}

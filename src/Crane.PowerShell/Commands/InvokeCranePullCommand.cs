using Crane.Commands.Base;
using Crane.Completion;
using Crane.Input;
using Crane.Loading;
using Crane.Running;

namespace Crane.Commands;

/// <summary>Pulls images and tags them under their plain names.</summary>
/// <remarks>
/// <para>For each container the image is pulled from where its pull section says, and tagged with the plain name that the
/// crane file gives. A container that is built here and has no pull directive is skipped. The plain name changes last and at
/// once: whenever the run is stopped, it means the old image or the new one. The name under which the image was pulled stays
/// as well.</para>
/// <para>An image whose local content is what the registry has is up to date; nothing moves for it, unless -Force is given.
/// An image with a digest in its name is pulled by that digest, and the result is checked against it.</para>
/// <para>An image that is only here keeps its name: where the plain name is the last one of an image that no registry is known to
/// have, such as one that was built here and never pushed, the error WouldLoseImage takes the place of the last step. Push or tag
/// that image first, or give it up with -Force.</para>
/// <para>Images move in parallel; the results come in the order of the plans. What fails for one image is an error about its
/// plan and a result with the Status Failed, and the others go on. With -ErrorAction Stop nothing new is started after the
/// first error. All names are checked before anything moves.</para>
/// </remarks>
/// <input cref="CraneContainer">Containers to pull, live or read back from JSON, CSV or CliXml.</input>
/// <input cref="RetagPlan">Pull plans to run, live or read back.</input>
/// <input cref="RetagResult">Results of earlier pulls, to be run again.</input>
/// <input cref="PSObject">Objects with the properties Source and Target, or with LiteralPath or PSPath, such as files.</input>
/// <example>
/// Pull a stack
/// <code>
/// Invoke-CranePull
/// </code>
/// <para>Pulls the group default, or all containers, of the crane file of the current location or of its nearest parent.</para>
/// </example>
/// <example>
/// See what would be pulled
/// <code>
/// Invoke-CranePull -Group core -Variable @{ DOCKER_REGISTRY = 'registry.official.co' } -WhatIf
/// </code>
/// <para>The results have the Status Planned.</para>
/// </example>
/// <example>
/// Try again what failed
/// <code>
/// $results = Invoke-CranePull -ErrorAction SilentlyContinue
/// $results | Where-Object Status -eq Failed | Invoke-CranePull
/// </code>
/// <para>A result is still the plan that it came from. The property Error of a failed one has the message.</para>
/// </example>
/// <example>
/// Log in to two registries, and choose the engine
/// <code>
/// $credentials = @{ 'registry.company.co' = Get-Credential alice; 'ghcr.io' = Get-Credential alice-ci }
/// Invoke-CranePull -RegistryCredential $credentials -Engine build-server
/// </code>
/// <para>Other registries get what docker's configuration has for them. The engine is that of the docker context
/// build-server.</para>
/// </example>
/// <example>
/// Pull without a crane file
/// <code>
/// Invoke-CranePull -Source registry.company.co/company/service:1.4 -Target company/service:1.4
/// Import-Csv images.csv | Invoke-CranePull
/// </code>
/// <para>The file has the columns Source and Target.</para>
/// </example>
/// <seealso cref="InvokeCraneProvisionCommand"/>
/// <seealso cref="GetCraneRetagPlanCommand"/>
/// <seealso cref="InvokeCranePushCommand"/>
/// <seealso cref="GetCraneContainerCommand"/>
[Cmdlet(VerbsLifecycle.Invoke, "CranePull", SupportsShouldProcess = true, DefaultParameterSetName = PathSet)]
[OutputType(typeof(RetagResult))]
public sealed class InvokeCranePullCommand : PlanCommand
{
    private const string ReferenceSet = "Reference";

    /// <summary>The image to read, in its registry.</summary>
    [Parameter(ParameterSetName = ReferenceSet, Mandatory = true, ValueFromPipelineByPropertyName = true), ValidateNotNullOrEmpty]
    public string Source { get; set; } = "";

    /// <summary>The name to write it to, in the engine.</summary>
    [Parameter(ParameterSetName = ReferenceSet, Mandatory = true, ValueFromPipelineByPropertyName = true), ValidateNotNullOrEmpty]
    public string Target { get; set; } = "";

    /// <summary>The container that the plan is for: a name for the result, for errors and for progress to carry.</summary>
    [Parameter(ParameterSetName = ReferenceSet, ValueFromPipelineByPropertyName = true)]
    public string Container { get; set; } = "";

    /// <summary>The plan's operation. One that this cmdlet does not run is an error; without it, the cmdlet's own.</summary>
    [Parameter(ParameterSetName = ReferenceSet, ValueFromPipelineByPropertyName = true)]
    public RetagOperation? Operation { get; set; }

    /// <summary>
    /// <para>The engine that holds the local images: the name of a docker context, or an address such as
    /// unix:///run/docker.sock, tcp://HOST:2376, https://HOST:2376 or npipe:////./pipe/docker_engine.</para>
    /// <para>To pull and push without an engine, name a folder, oci:FOLDER: an OCI image layout, which is made where there is
    /// none.</para>
    /// <para>Without it: the variable CRANE_ENGINE, else what docker itself would use; docker stands for just that, whatever
    /// CRANE_ENGINE says. See about_Crane.</para>
    /// </summary>
    [Parameter, ArgumentCompleter(typeof(EngineCompleter)), ValidateNotNullOrEmpty]
    public string? Engine { get; set; }

    /// <summary>
    /// Moves every image, without asking whether it is up to date, or whether something would be lost: the last name of an image
    /// that is nowhere else.
    /// </summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override IReadOnlyList<RetagOperation> Runs => [RetagOperation.Pull];

    private protected override RetagPlan? PlanOfParameters => ParameterSetName != ReferenceSet ? null : new RetagPlan
    {
        Container = Container,
        Operation = Operation ?? RetagOperation.Pull,
        Source = Source,
        Target = Target,
    };

    private protected override void Run(IReadOnlyList<RetagPlan> plans) => new MoveSession(
        this,
        FileSystemPath.OfEngine(SessionState.Path, Engine),
        Force,
        (store, cancellation) => Adapters.Current.OpenMoverAsync(store, ThrottleLimit, cancellation)).Run(plans);
}

using Crane.Commands.Base;
using Crane.Completion;
using Crane.Input;
using Crane.Loading;
using Crane.Running;

namespace Crane.Commands;

/// <summary>Tags images under their remote names and pushes them.</summary>
/// <remarks>
/// <para>For each container the image with the plain name is tagged with the name that its push section makes of it, and
/// pushed there. A container with push.skip is skipped, and so is one where neither a push directive nor a registry in the
/// image's name says where to; one with several tags under push.tag is pushed once for each.</para>
/// <para>Results of pulls and builds are pushed as their containers say. What has failed, or was not run, is skipped, and the
/// Reason says so: the image that has the name here is an older one.</para>
/// <para>An image that the registry has already is up to date; nothing moves for it, unless -Force is given. Where a push
/// fails or is stopped, the remote name in the engine becomes again what it was before.</para>
/// <para>An engine may have one platform only of an image for several, and then pushes that one. A warning names the platforms that
/// stay behind; where the target has more platforms than would be sent, it is the error WouldLoseImage, unless -Force is given. A
/// digest in the target is compared before anything is sent, as far as the engine can tell what it will send. Copy-CraneImage and
/// layout folders move images with all of their platforms.</para>
/// <para>Images move in parallel; the results come in the order of the plans. What fails for one image is an error about its
/// plan and a result with the Status Failed, and the others go on. With -ErrorAction Stop nothing new is started after the
/// first error. All names are checked before anything moves; plans that would write different images to one target are
/// errors, and none of them is run.</para>
/// </remarks>
/// <input cref="CraneContainer">Containers to push, live or read back from JSON, CSV or CliXml.</input>
/// <input cref="RetagPlan">Push plans to run, live or read back.</input>
/// <input cref="RetagResult">Results of builds and pulls, whose images are to be pushed; results of earlier pushes, to be run again.</input>
/// <input cref="PSObject">Objects with the properties Source and Target, or with LiteralPath or PSPath, such as files.</input>
/// <example>
/// Look first, then push
/// <code>
/// Invoke-CranePush -Variable @{ USER = 'bob' } -WhatIf
/// Invoke-CranePush -Variable @{ USER = 'bob' }
/// </code>
/// <para>The variable gives the crane file its personal registry. With -Confirm in place of -WhatIf it asks for each
/// image.</para>
/// </example>
/// <example>
/// Push what has been built
/// <code>
/// Invoke-CraneBuild -Changed | Invoke-CranePush
/// </code>
/// <para>What has failed to build is skipped, and the Reason of its result says so.</para>
/// </example>
/// <example>
/// Push a version with a credential
/// <code>
/// $credentials = @{ 'registry.bob.company.co' = Get-Credential bob }
/// Invoke-CraneBuild service -WithDependency -Tag 1.4.0 | Invoke-CranePush -RegistryCredential $credentials
/// </code>
/// <para>The service and what it needs are built and pushed as 1.4.0. Without a build, Invoke-CranePush -Tag 1.4.0 pushes local
/// images that have that tag: of those that are built here, or have both a pull and a push directive. All others keep their
/// own tag.</para>
/// </example>
/// <example>
/// Push what has been approved
/// <code>
/// Get-Content plan.json | ConvertFrom-Json | Invoke-CranePush | Export-Csv pushed.csv
/// </code>
/// <para>The plans were written by Get-CraneRetagPlan Push. The results tell the digest, bytes and duration of each
/// push.</para>
/// </example>
/// <example>
/// Stop a script when a push fails
/// <code>
/// try {
///     Invoke-CranePush -ErrorAction Stop
/// }
/// catch [Crane.CraneException] {
///     Write-Warning "$($_.Exception.Id): $($_.ErrorDetails.RecommendedAction)"
///     throw
/// }
/// </code>
/// <para>Id is one of the error ids in about_Crane.</para>
/// </example>
/// <example>
/// Push without a crane file
/// <code>
/// Invoke-CranePush -Source company/service:1.4 -Target registry.bob.company.co/bob/service:1.4 -Credential (Get-Credential bob)
/// </code>
/// <para>There is one registry in play, so -Credential is clear.</para>
/// </example>
/// <seealso cref="GetCraneRetagPlanCommand"/>
/// <seealso cref="InvokeCranePullCommand"/>
/// <seealso cref="GetCraneContainerCommand"/>
[Cmdlet(VerbsLifecycle.Invoke, "CranePush", SupportsShouldProcess = true, DefaultParameterSetName = PathSet)]
[OutputType(typeof(RetagResult))]
public sealed class InvokeCranePushCommand : PlanCommand
{
    private const string ReferenceSet = "Reference";

    /// <summary>The image to read, in the engine.</summary>
    [Parameter(ParameterSetName = ReferenceSet, Mandatory = true, ValueFromPipelineByPropertyName = true), ValidateNotNullOrEmpty]
    public string Source { get; set; } = "";

    /// <summary>The name to write it to, in a registry.</summary>
    [Parameter(ParameterSetName = ReferenceSet, Mandatory = true, ValueFromPipelineByPropertyName = true), ValidateNotNullOrEmpty]
    public string Target { get; set; } = "";

    /// <inheritdoc cref="InvokeCranePullCommand.Container"/>
    [Parameter(ParameterSetName = ReferenceSet, ValueFromPipelineByPropertyName = true)]
    public string Container { get; set; } = "";

    /// <inheritdoc cref="InvokeCranePullCommand.Operation"/>
    [Parameter(ParameterSetName = ReferenceSet, ValueFromPipelineByPropertyName = true)]
    public RetagOperation? Operation { get; set; }

    /// <inheritdoc cref="InvokeCranePullCommand.Engine"/>
    [Parameter, ArgumentCompleter(typeof(EngineCompleter)), ValidateNotNullOrEmpty]
    public string? Engine { get; set; }

    /// <summary>
    /// Moves every image, without asking whether it is up to date, or whether something would be lost: platforms of what it
    /// overwrites.
    /// </summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override IReadOnlyList<RetagOperation> Runs => [RetagOperation.Push];

    private protected override RetagPlan? PlanOfParameters => ParameterSetName != ReferenceSet ? null : new RetagPlan
    {
        Container = Container,
        Operation = Operation ?? RetagOperation.Push,
        Source = Source,
        Target = Target,
    };

    private protected override void Run(IReadOnlyList<RetagPlan> plans) => new MoveSession(
        this,
        FileSystemPath.OfEngine(SessionState.Path, Engine),
        Force,
        (store, cancellation) => Adapters.Current.OpenMoverAsync(store, ThrottleLimit, cancellation)).Run(plans);
}

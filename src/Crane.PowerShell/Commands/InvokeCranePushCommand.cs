using Crane.Commands.Base;
using Crane.Moving.Run;
using Crane.Running;

namespace Crane.Commands;

/// <summary>Tags images with their remote names and pushes them.</summary>
/// <remarks>
/// <para>Tags each container's image with the name derived from its push section, and pushes it. Containers with push.skip are
/// skipped, and so are those with neither a push directive nor a registry in the image's name; an image with several tags in
/// push.tag is pushed once for each.</para>
/// <para>Results of pulls and builds are pushed as their containers say. Those that failed or were not run are skipped, and the
/// Reason says so: the local image with that name is an older one.</para>
/// <para>An image that the registry already has is up to date and is not moved, unless -Force is given. If a push fails or is
/// stopped, the remote name in the engine is restored.</para>
/// <para>An engine may hold only one platform of a multi-platform image, and then pushes only that one. A warning names the
/// platforms left out; if the target has platforms that the push would remove, it is the error WouldLoseImage, unless -Force is
/// given. A digest in the target is compared before anything is sent, as far as the engine knows what it will send.
/// Copy-CraneImage and layout folders move images with all of their platforms.</para>
/// <para>Images move in parallel; results are in the order of the plans. A failure concerns one image, with an error about its
/// plan and a result with the Status Failed; the others continue. With -ErrorAction Stop nothing new is started after the first
/// error. All names are checked before anything moves. Plans that would write different images to the same
/// target are errors, and none of them is run.</para>
/// <para>With -Engine oci:FOLDER, -CertificateAuthority and -Insecure are for all registries in the names; an engine has its own
/// settings. Without them, -Source and -Target also use the registries section of the crane file in the current location or its
/// nearest parent, if there is one.</para>
/// </remarks>
/// <parameter name="Source">The image to read, in the engine.</parameter>
/// <parameter name="Target">The name to write, in a registry.</parameter>
/// <parameter name="Force">Pushes images even if they are up to date, or if that removes platforms from the target.</parameter>
/// <input cref="string">Names of containers or groups.</input>
/// <input cref="CraneContainer">Containers to push, live or read back from JSON, CSV or CliXml.</input>
/// <input cref="ImageStatus">Rows of Get-CraneStatus, whose containers are pushed. They must be of an engine that the command runs on.</input>
/// <input cref="RetagPlan">Push plans to run, live or read back.</input>
/// <input cref="RetagResult">Results of builds and pulls whose images are pushed, or of pushes that are run again.</input>
/// <input cref="PSObject">Objects or hashtables with Source and Target or Destination, with a Name alone, or with LiteralPath or PSPath, such as files.</input>
/// <example>
/// Look first, then push
/// <code>
/// Invoke-CranePush -Variable @{ USER = 'bob' } -WhatIf
/// Invoke-CranePush -Variable @{ USER = 'bob' }
/// </code>
/// <para>The variable selects the personal registry. Use -Confirm instead of -WhatIf to be asked for each image.</para>
/// </example>
/// <example>
/// Push what has been built
/// <code>
/// Invoke-CraneBuild -Changed | Invoke-CranePush
/// </code>
/// <para>Failed builds are skipped, and the Reason of their results says so.</para>
/// </example>
/// <example>
/// Push a version with a credential
/// <code>
/// $credentials = @{ 'registry.bob.company.co' = Get-Credential bob }
/// Invoke-CraneBuild service -WithDependency -Tag 1.4.0 | Invoke-CranePush -RegistryCredential $credentials
/// </code>
/// <para>The service and what it needs are built and pushed as 1.4.0. Without a build, Invoke-CranePush -Tag 1.4.0 pushes local
/// images with that tag: those that are built here or have both a pull and a push directive. All others keep their tag.</para>
/// </example>
/// <example>
/// Push what has been approved
/// <code>
/// Get-Content plan.json | ConvertFrom-Json | Invoke-CranePush | Export-Csv pushed.csv
/// </code>
/// <para>The plans were written by Get-CraneRetagPlan Push. The results have the digest, bytes and duration of each
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
/// <para>Only one registry is used, so -Credential is unambiguous.</para>
/// </example>
/// <seealso cref="GetCraneRetagPlanCommand"/>
/// <seealso cref="InvokeCranePullCommand"/>
/// <seealso cref="GetCraneContainerCommand"/>
[Cmdlet(VerbsLifecycle.Invoke, "CranePush", SupportsShouldProcess = true, DefaultParameterSetName = PathSet)]
[OutputType(typeof(RetagResult))]
public sealed class InvokeCranePushCommand : EngineMoveCommand
{
    /// <summary>
    /// <para>Whether an image that the target has already is replaced. Lease, the default, refuses with TargetMoved if somebody
    /// else has changed it: if it is not what this engine or folder has last seen there, or what the plan says. Where nothing is
    /// known about it, it is replaced. Never refuses with TargetExists. Always replaces it.</para>
    /// <para>This overrides the crane file. Registries cannot compare and replace in one step, so a change by somebody else in the
    /// last milliseconds is not noticed.</para>
    /// </summary>
    [Parameter]
    public OverwriteMode? Overwrite { get; set; }

    internal override RunOptions Options => base.Options with { Overwrite = Overwrite };

    private protected override IReadOnlyList<RetagOperation> Operations => [RetagOperation.Push];

    private protected override void Run(IReadOnlyList<RetagPlan> plans) => new MoveSession(this).Run(plans);
}

using Crane.Commands.Base;
using Crane.Running;

namespace Crane.Commands;

/// <summary>Pulls images and tags them with their plain names.</summary>
/// <remarks>
/// <para>Pulls each container's image from where its pull section says, and tags it with its plain name from the crane file. A
/// container that is built here and has no pull directive is skipped. The plain name is changed last, in one step: even if the run
/// is stopped, it refers to either the old or the new image. The name with which the image was pulled is kept as well.</para>
/// <para>An image whose local content matches the registry is up to date and is not moved, unless -Force is given. An image with
/// a digest in its name is pulled by that digest, and the result is checked against it.</para>
/// <para>If the plain name is the last name of an image that, as far as is known, exists in no registry, such as one that was
/// built here and never pushed, the pull fails with WouldLoseImage and the name is unchanged. Push or tag that image first, or
/// discard it with -Force.</para>
/// <para>Images move in parallel; results are in the order of the plans. A failure concerns one image, with an error about its
/// plan and a result with the Status Failed; the others continue. With -ErrorAction Stop nothing new is started after the first
/// error. All names are checked before anything moves.</para>
/// <para>With -Engine oci:FOLDER, -CertificateAuthority and -Insecure are for all registries in the names; an engine has its own
/// settings. Without them, -Source and -Target also use the registries section of the crane file in the current location or its
/// nearest parent, if there is one.</para>
/// </remarks>
/// <parameter name="Source">The image to read, in a registry.</parameter>
/// <parameter name="Target">The name to write, in the engine.</parameter>
/// <parameter name="Force">Pulls images even if they are up to date, or if that removes the last name of an image that exists nowhere else.</parameter>
/// <input cref="string">Names of containers or groups.</input>
/// <input cref="CraneContainer">Containers to pull, live or read back from JSON, CSV or CliXml.</input>
/// <input cref="ImageStatus">Rows of Get-CraneStatus, whose containers are pulled. They must be of an engine that the command runs on.</input>
/// <input cref="RetagPlan">Pull plans to run, live or read back.</input>
/// <input cref="RetagResult">Results of earlier pulls, to be run again.</input>
/// <input cref="PSObject">Objects or hashtables with Source and Target or Destination, with a Name alone, or with LiteralPath or PSPath, such as files.</input>
/// <example>
/// Pull a stack
/// <code>
/// Invoke-CranePull
/// </code>
/// <para>Pulls the group default, or all containers, of the crane file in the current location or its nearest parent.</para>
/// </example>
/// <example>
/// See what would be pulled
/// <code>
/// Invoke-CranePull -Group core -Variable @{ DOCKER_REGISTRY = 'registry.official.co' } -WhatIf
/// </code>
/// <para>What would be pulled has the Status Planned, and SizeBytes says how much that is. What is here already is UpToDate. Where a
/// registry or the engine cannot be reached, the image is Planned, and its Reason says so.</para>
/// </example>
/// <example>
/// Retry what failed
/// <code>
/// $results = Invoke-CranePull -ErrorAction SilentlyContinue
/// $results | Where-Object Status -eq Failed | Invoke-CranePull
/// </code>
/// <para>A result contains its plan. The property Error of a failed result has the message.</para>
/// </example>
/// <example>
/// Log in to two registries, and select the engine
/// <code>
/// $credentials = @{ 'registry.company.co' = Get-Credential alice; 'ghcr.io' = Get-Credential alice-ci }
/// Invoke-CranePull -RegistryCredential $credentials -Engine build-server
/// </code>
/// <para>Other registries use the credentials in docker's configuration. The engine is that of the docker context
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
public sealed class InvokeCranePullCommand : EngineMoveCommand
{
    private protected override IReadOnlyList<RetagOperation> Operations => [RetagOperation.Pull];

    private protected override void Run(IReadOnlyList<RetagPlan> plans) => new MoveSession(this).Run(plans);
}

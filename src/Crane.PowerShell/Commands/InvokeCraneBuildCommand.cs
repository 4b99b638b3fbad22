using Crane.Commands.Base;
using Crane.Running;

namespace Crane.Commands;

/// <summary>Builds images with their plain names, in the order that their Dockerfiles require.</summary>
/// <remarks>
/// <para>Builds the image of each container with a build section, and gives it its name at the end of the build; until then, or
/// if the build fails, the name refers to the previous image. If a Dockerfile names the image of another selected container, in
/// FROM, COPY --from or RUN --mount, or if a container requires another one, that image is built first. Independent images are
/// built in parallel.</para>
/// <para>Images are built by the engine's own builder or by BuildKit, through docker's plugin Buildx. -Builder selects one; the
/// default is the engine if it supports everything planned. about_Crane lists what each supports. The context is streamed to the
/// builder; files excluded by .dockerignore are not read. A failed build is an error with the failing step, its line in the
/// Dockerfile and its last output. Images based on it are not built and have the Status Failed, too, and so have those based on the
/// image of a container that is left out because of an error; the others continue.</para>
/// <para>A base that the crane file declares is the one built in this run, whatever its tag with -Tag; else the engine's; else it
/// is pulled from where its container is pulled from. No public registry is asked for its plain name: see BASES in
/// about_Crane_File.</para>
/// <para>With -Changed only these images are built: missing ones, those whose files, Dockerfile, arguments or base have changed
/// since they were built, and those that depend on them. The Reason of a result says what has changed; about_Crane says what
/// counts as a change.</para>
/// <para>Hooks in the crane file run before and after the builds, in its folder: see about_Crane_File. If a pre-build hook fails,
/// the image is not built; if a post-build hook fails, the result has the Status Failed although the image was built. Both are
/// the error HookFailed. The output of builds and hooks goes to the verbose stream.</para>
/// </remarks>
/// <input cref="string">Names of containers or groups.</input>
/// <input cref="CraneContainer">Containers to build, live or read back from JSON, CSV or CliXml.</input>
/// <input cref="ImageStatus">Rows of Get-CraneStatus, whose containers are built. They must be of an engine that the command runs on.</input>
/// <input cref="RetagPlan">Build plans to run, live or read back.</input>
/// <input cref="RetagResult">Results of earlier builds, to be run again.</input>
/// <example>
/// Build a stack
/// <code>
/// Invoke-CraneBuild
/// </code>
/// <para>Builds everything with a build section in the group default, or in the whole crane file; bases first.</para>
/// </example>
/// <example>
/// Build what a change affects, and push it
/// <code>
/// Invoke-CraneBuild -Changed | Invoke-CranePush
/// </code>
/// <para>After a file of os was edited, this builds os and every image based on it, and pushes them. Failed builds are
/// skipped.</para>
/// </example>
/// <example>
/// See what would be built, and in which order
/// <code>
/// Invoke-CraneBuild -Changed -WhatIf | Where-Object Status -eq Planned | Select-Object Target, Reason
/// </code>
/// <para>With -Changed the engine is asked for its images; nothing is built.</para>
/// </example>
/// <example>
/// Build for a test
/// <code>
/// Invoke-CraneBuild service -Target test -BuildArgument @{ VERSION = '1.2' }, HTTP_PROXY -NoCache -Verbose
/// </code>
/// <para>HTTP_PROXY is given without a value, so it takes its value from the environment.</para>
/// </example>
/// <example>
/// Build on another machine, for its platform
/// <code>
/// Invoke-CraneBuild -BuilderName farm -Platform linux/arm64
/// </code>
/// <para>farm is a builder created with docker buildx create. The images are loaded into the local engine.</para>
/// </example>
/// <seealso cref="ExportCraneBakeFileCommand"/>
/// <seealso cref="InvokeCraneProvisionCommand"/>
/// <seealso cref="GetCraneRetagPlanCommand"/>
/// <seealso cref="InvokeCranePushCommand"/>
/// <seealso cref="InvokeCranePullCommand"/>
[Cmdlet(VerbsLifecycle.Invoke, "CraneBuild", SupportsShouldProcess = true, DefaultParameterSetName = PathSet)]
[OutputType(typeof(RetagResult))]
public sealed class InvokeCraneBuildCommand : BuildCommand
{
    /// <summary>Builds only images that are missing, that have changed since they were built, or that depend on these.</summary>
    [Parameter]
    public SwitchParameter Changed { get; set; }

    private protected override IReadOnlyList<RetagOperation> Operations => [RetagOperation.Build];

    private protected override void Run(IReadOnlyList<RetagPlan> plans) => new BuildSession(this) { OnlyChanged = Changed }.Run(plans);
}

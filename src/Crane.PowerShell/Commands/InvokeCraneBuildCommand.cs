using Crane.Commands.Base;
using Crane.Completion;
using Crane.Running;

namespace Crane.Commands;

/// <summary>Builds images under their plain names, in the order that their Dockerfiles say.</summary>
/// <remarks>
/// <para>For each container with a build section the image is built from its context, and named as the crane file says, at
/// the end and at once: until then, and where the build fails, the name means what it meant before. An image whose Dockerfile
/// names the image of another selected container is built after that one, whether in FROM, in COPY --from or in RUN --mount,
/// and so is one whose container requires the other. What is not in each other's way is built in parallel.</para>
/// <para>The engine itself builds, with its own builder, or BuildKit does, by docker's plugin Buildx: -Builder says which, and
/// without it the engine does where it can do all that is planned. See about_Crane for what each can do. The context is
/// streamed to the builder; what .dockerignore leaves out is not even read. A build that fails is an error with the failing step, its line in the Dockerfile and its last output. What
/// is built on it is not begun and has the Status Failed, too; the others go on.</para>
/// <para>A base that the crane file declares is what this run builds, whatever -Tag names it, else what the engine has, else
/// pulled from where its container is pulled. No public registry is asked for such a name: see BASES in
/// about_Crane_File.</para>
/// <para>With -Changed only what has changed is built: an image that is missing, that was built from other files, another
/// Dockerfile, other arguments or another base than it would be now, and what comes after these. The Reason of a result says
/// what has changed. See about_Crane for what counts. Each line that a build says goes to the verbose stream.</para>
/// <para>Hooks of the crane file are run around the builds that they are for, in its folder: see about_Crane_File. Where a
/// pre-build hook fails, the image is not built; where a post-build hook fails, the result has the Status Failed though it
/// is. Both are the error HookFailed. What hooks print goes to the verbose stream, too.</para>
/// </remarks>
/// <input cref="CraneContainer">Containers to build, live or read back from JSON, CSV or CliXml.</input>
/// <input cref="RetagPlan">Build plans to run, live or read back.</input>
/// <input cref="RetagResult">Results of earlier builds, to be run again.</input>
/// <example>
/// Build a stack
/// <code>
/// Invoke-CraneBuild
/// </code>
/// <para>Builds what has a build section in the group default, or in the whole crane file; bases first.</para>
/// </example>
/// <example>
/// Build what a change concerns, and push it
/// <code>
/// Invoke-CraneBuild -Changed | Invoke-CranePush
/// </code>
/// <para>Where a file of os was edited, os is built, and every image on it; what was built is pushed. What has failed to build
/// is skipped.</para>
/// </example>
/// <example>
/// See what would be built, and in which order
/// <code>
/// Invoke-CraneBuild -Changed -WhatIf | Where-Object Status -eq Planned | Select-Object Target, Reason
/// </code>
/// <para>With -Changed the engine is asked what it has; nothing is built.</para>
/// </example>
/// <example>
/// Build for a test
/// <code>
/// Invoke-CraneBuild service -Target test -BuildArgument @{ VERSION = '1.2' }, HTTP_PROXY -NoCache -Verbose
/// </code>
/// <para>HTTP_PROXY has no value here, so it takes that of the environment.</para>
/// </example>
/// <example>
/// Build on another machine, for its platform
/// <code>
/// Invoke-CraneBuild -BuilderName farm -Platform linux/arm64
/// </code>
/// <para>farm is a builder that docker buildx create has made. The images are loaded into the engine here.</para>
/// </example>
/// <seealso cref="ExportCraneBakeFileCommand"/>
/// <seealso cref="InvokeCraneProvisionCommand"/>
/// <seealso cref="GetCraneRetagPlanCommand"/>
/// <seealso cref="InvokeCranePushCommand"/>
/// <seealso cref="InvokeCranePullCommand"/>
[Cmdlet(VerbsLifecycle.Invoke, "CraneBuild", SupportsShouldProcess = true, DefaultParameterSetName = PathSet)]
[OutputType(typeof(RetagResult))]
public sealed class InvokeCraneBuildCommand : PlanCommand, IBuildParameters
{
    /// <summary>Builds only what has changed since it was built, what is missing, and what comes after these.</summary>
    [Parameter]
    public SwitchParameter Changed { get; set; }

    /// <inheritdoc cref="InvokeCranePullCommand.Engine"/>
    [Parameter, ArgumentCompleter(typeof(EngineCompleter)), ValidateNotNullOrEmpty]
    public string? Engine { get; set; }

    /// <summary>Runs every step again, whatever the builder has in its cache.</summary>
    [Parameter]
    public SwitchParameter NoCache { get; set; }

    /// <summary>
    /// Fetches bases even if they are here, to see whether they have changed: those that the crane file declares from where it
    /// pulls them, not those that containers of this run make.
    /// </summary>
    [Parameter]
    public SwitchParameter Pull { get; set; }

    /// <summary>
    /// Build arguments: a hashtable of names and values, or strings, NAME=value, or NAME for the value that the environment has.
    /// They win over those of the crane file.
    /// </summary>
    [Parameter, ValidateNotNullOrEmpty]
    public object[] BuildArgument { get; set; } = [];

    /// <summary>The stage to build, in place of what the crane file says.</summary>
    [Parameter, ValidateNotNullOrEmpty]
    public string? Target { get; set; }

    /// <summary>The network of RUN steps, in place of what the crane file says: none, host, default.</summary>
    [Parameter, ValidateNotNullOrEmpty]
    public string? Network { get; set; }

    /// <summary>
    /// <para>What builds: Engine, the builder that every engine has in it, or Buildx, which runs BuildKit on any of its
    /// builders and can do every key of a build section.</para>
    /// <para>Auto, which is the default, takes the engine where it can do all that is planned, else Buildx where that is
    /// installed.</para>
    /// </summary>
    [Parameter]
    public BuilderKind Builder { get; set; }

    /// <summary>
    /// The name of one of Buildx's builders, made by docker buildx create; it means -Builder Buildx. Without it Buildx takes
    /// the one that docker buildx use or the variable BUILDX_BUILDER has chosen, else the engine's BuildKit.
    /// </summary>
    [Parameter, ValidateNotNullOrEmpty]
    public string? BuilderName { get; set; }

    /// <summary>
    /// The platforms to build for, such as linux/arm64, in place of what the crane file says. Several need Buildx, and an engine
    /// with containerd's image store.
    /// </summary>
    [Parameter, ValidateNotNullOrEmpty]
    public string[] Platform { get; set; } = [];

    private protected override IReadOnlyList<RetagOperation> Runs => [RetagOperation.Build];

    private protected override void Run(IReadOnlyList<RetagPlan> plans) => new BuildSession(this, this) { OnlyChanged = Changed }.Run(plans);
}

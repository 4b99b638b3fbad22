using System.Collections;
using Crane.Commands.Base;
using Crane.Completion;
using Crane.Input;
using Crane.Loading;
using Crane.Locking;
using Crane.Running;
using Crane.Status;

namespace Crane.Commands;

/// <summary>Shows where images stand: what was changed here, what was changed in the registries, and what to do about it.</summary>
/// <remarks>
/// <para>Compares each container's local image with the official one that it is pulled from, the personal one that it is pushed to, and
/// the base in its Dockerfile, as git status compares branches. A pull or a push leaves the image under its remote name in the engine:
/// that is what was last seen in the registry. If the local image is still that one, but the registry has another, it is Behind; if only
/// the local image is another, it is Ahead; if both are, they have Diverged. It changes nothing.</para>
/// <para>PullAhead, PullBehind and the like count layers after the last common one; PullBytes are those that a pull would move. Images
/// are the same if their configuration and layers are, even with different digests. State is the worst of all; Next has the command that
/// mends it, and Reason says why something is unknown or skipped.</para>
/// <para>For an image whose remote name was removed from the engine, and in a layout folder, which has none, it may be unknown which
/// side changed. There is one row for each engine and for each tag of the push.</para>
/// <para>A registry is asked once for each name, without reading manifests, which count against the limit of Docker Hub; only images that
/// differ are read. A registry that refuses access is one error, and what it should have told is Unknown.</para>
/// </remarks>
/// <input cref="string">Names of containers or groups.</input>
/// <input cref="CraneContainer">Containers to compare, live or read back from JSON, CSV or CliXml.</input>
/// <input cref="PSObject">Objects with a property LiteralPath or PSPath, such as files.</input>
/// <example>
/// See where a stack stands
/// <code>
/// Get-CraneStatus
/// </code>
/// <para>Shows the group default, or all containers, of the crane file in the current location or its nearest parent.</para>
/// </example>
/// <example>
/// See what to do
/// <code>
/// Get-CraneStatus core | Where-Object Next | Select-Object Container, Summary, Next
/// </code>
/// <para>Images that are up to date have no Next.</para>
/// </example>
/// <example>
/// Pull what is behind
/// <code>
/// Get-CraneStatus | Where-Object Pull -in Behind, Missing | Invoke-CranePull
/// </code>
/// <para>A row stands for its container, with the places that it was compared with.</para>
/// </example>
/// <example>
/// Compare without a network
/// <code>
/// Get-CraneStatus -Offline | Where-Object Push -in Ahead, Unknown
/// </code>
/// <para>Shows what was changed or built here since the last push. The registries may have changed, too.</para>
/// </example>
/// <example>
/// Compare several engines
/// <code>
/// Get-CraneStatus -Engine docker, oci:images | Sort-Object Engine | Format-Table Container, Summary -GroupBy Engine
/// </code>
/// <para>The registries are asked once for both.</para>
/// </example>
/// <seealso cref="InvokeCranePullCommand"/>
/// <seealso cref="InvokeCranePushCommand"/>
/// <seealso cref="InvokeCraneBuildCommand"/>
/// <seealso cref="GetCraneContainerCommand"/>
[Cmdlet(VerbsCommon.Get, "CraneStatus", DefaultParameterSetName = PathSet)]
[OutputType(typeof(ImageStatus))]
public sealed class GetCraneStatusCommand : SelectionCommand
{
    private readonly List<CraneContainer> _containers = [];
    private readonly Dictionary<string, CraneLock?> _locks = new(StringComparer.Ordinal);

    /// <inheritdoc cref="GetCraneContainerCommand.Name"/>
    [Parameter(Position = 0, ParameterSetName = PathSet), Parameter(Position = 0, ParameterSetName = LiteralPathSet)]
    [ArgumentCompleter(typeof(ContainerCompleter)), SupportsWildcards, ValidateNotNullOrEmpty]
    public string[]? Name { get; set; }

    /// <summary>
    /// Names of containers or groups, containers from <see cref="GetCraneContainerCommand"/>, or objects with the same properties, such as those read back from
    /// JSON, CSV or CliXml. They must have the properties Pull, Build and Push.
    /// </summary>
    [Parameter(ParameterSetName = InputObjectSet, Mandatory = true, ValueFromPipeline = true), ValidateNotNull]
    public PSObject? InputObject { get; set; }

    /// <summary>
    /// The engines that hold the local images, given as for Invoke-CranePull, or layout folders, oci:FOLDER. There is one row for each.
    /// The default is the variable CRANE_ENGINE, otherwise what docker itself would use.
    /// </summary>
    [Parameter, ArgumentCompleter(typeof(EngineCompleter)), ValidateNotNullOrEmpty]
    public string[]? Engine { get; set; }

    /// <summary>Asks no registry: what was last seen there, with a pull or a push, stands for what it has now.</summary>
    [Parameter]
    public SwitchParameter Offline { get; set; }

    /// <inheritdoc cref="PlanCommand.Credential"/>
    [Parameter, Credential, ValidateNotNull]
    public PSCredential? Credential { get; set; }

    /// <inheritdoc cref="PlanCommand.RegistryCredential"/>
    [Parameter, ValidateNotNull]
    public IDictionary? RegistryCredential { get; set; }

    /// <summary>The maximum number of images that are compared at the same time, from 1 to 256.</summary>
    [Parameter, ValidateRange(1, 256)]
    public int ThrottleLimit { get; set; } = 8;

    // The rows can be piped to commands that build.
    private protected override bool EmitsContainers => true;

    private PipelineReader Piped => field ??= new(this, _containers.AddRange, input =>
        _containers.Add(ContainerReader.Read(input, RetagOperation.Pull, RetagOperation.Build, RetagOperation.Push)));

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
        var (targets, errors) = StatusTargets.Of(_containers, Adapters.Current.Dockerfiles, Declared);
        WriteErrors(errors);
        if (targets.Count == 0)
            return;
        var request = RegistryCredentials.Request(
            null, Credential, RegistryCredential,
            targets.SelectMany(target => target.Registries), targets.SelectMany(target => target.Container.RegistrySetting ?? []));
        new StatusSession(this, EngineList.Of(SessionState.Path, Engine), Offline, ThrottleLimit).Run(
            request, [.. targets.Select(target => target with { Locked = Locked(target) })]);
    }

    /// <summary>What the lock file beside a container's crane file says about its image; null for nothing.</summary>
    private LockedImage? Locked(StatusTarget target)
    {
        if (target.Container.Path is not { } craneFile || target.Official is not { } official)
            return null;
        var path = LockPath(craneFile);
        if (!_locks.TryGetValue(path, out var content))
        {
            Try(() => content = Adapters.Current.LockFiles.Read(path));
            _locks[path] = content;
        }

        return content?.Images.GetValueOrDefault(target.Container.Name) is { } image && image.IsOf(official) ? image : null;
    }

}

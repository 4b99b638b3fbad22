using System.Collections;
using Crane.Commands.Base;
using Crane.Completion;
using Crane.Input;
using Crane.Loading;
using Crane.Locking;
using Crane.Running;

namespace Crane.Commands;

/// <summary>Writes down the digests that registries have now, so that everybody uses the same images.</summary>
/// <remarks>
/// <para>The lock file is crane.lock, beside the first crane file. It has a digest for each selected container that is pulled, for
/// each image that their Dockerfiles name and no container has, and for the targets of their pushes. With -Locked, Invoke-CranePull,
/// Invoke-CraneBuild, Invoke-CraneProvision and Copy-CraneImage take images by these digests. Commit the file: git merges it, and its
/// history says who used what, and since when.</para>
/// <para>With a minimum age, a new digest waits: it is written down as held with the time it was first seen, and the lock keeps the
/// digest it has. A later Update-CraneLock locks it, once it was seen for that long and the tag still has it. Registries do not
/// say when a tag was pushed, and the creation date in an image can be forged. An image that is new in the lock does not wait, nor does one
/// whose name or tag was changed in the crane file.</para>
/// <para>If a registry cannot be asked, that is an error, and the lock keeps what it has for these images; the others are updated.
/// An entry is removed if its container is no longer pulled or, if the whole stack is selected, if nothing in the crane file needs
/// it any more.</para>
/// <para>Each image takes one request, which does not count as a pull. Nothing is pulled, and no engine is needed.</para>
/// </remarks>
/// <input cref="string">Names of containers or groups.</input>
/// <input cref="CraneContainer">Containers to lock, live or read back from JSON, CSV or CliXml.</input>
/// <input cref="PSObject">Objects with a property LiteralPath or PSPath, such as files.</input>
/// <example>
/// Lock a stack, and pull it anywhere
/// <code>
/// Update-CraneLock
/// Invoke-CranePull -Locked
/// </code>
/// <para>The second line pulls the same images on any machine with the crane file and its lock.</para>
/// </example>
/// <example>
/// Update once a day, but nothing younger than three days
/// <code>
/// Update-CraneLock -MinimumAge 3.00:00 | Where-Object Status -eq Changed | Select-Object Reference, Old, New
/// </code>
/// <para>Emits what has changed. What is still too young has the Status Held, and its Reason says until when.</para>
/// </example>
/// <example>
/// See what an update would change
/// <code>
/// Update-CraneLock -WhatIf
/// </code>
/// <para>Registries are asked, but nothing is written.</para>
/// </example>
/// <example>
/// Update one image at once
/// <code>
/// Update-CraneLock etcd -MinimumAge 0
/// </code>
/// <para>All other entries stay as they are.</para>
/// </example>
/// <seealso cref="InvokeCranePullCommand"/>
/// <seealso cref="InvokeCraneBuildCommand"/>
/// <seealso cref="CopyCraneImageCommand"/>
/// <seealso cref="GetCraneRetagPlanCommand"/>
[Cmdlet(VerbsData.Update, "CraneLock", SupportsShouldProcess = true, DefaultParameterSetName = PathSet)]
[OutputType(typeof(LockChange))]
public sealed class UpdateCraneLockCommand : SelectionCommand
{
    private readonly List<CraneContainer> _piped = [];
    private readonly List<KeyValuePair<string, LockScope>> _scopes = [];

    /// <inheritdoc cref="GetCraneContainerCommand.Name"/>
    [Parameter(Position = 0, ParameterSetName = PathSet), Parameter(Position = 0, ParameterSetName = LiteralPathSet)]
    [ArgumentCompleter(typeof(ContainerCompleter)), SupportsWildcards, ValidateNotNullOrEmpty]
    public string[]? Name { get; set; }

    /// <summary>
    /// Names of containers or groups, containers from <see cref="GetCraneContainerCommand"/>, or objects with the same properties, such as those read back from
    /// JSON, CSV or CliXml. Their lock file is beside the crane file that declares them.
    /// </summary>
    [Parameter(ParameterSetName = InputObjectSet, Mandatory = true, ValueFromPipeline = true), ValidateNotNull]
    public PSObject? InputObject { get; set; }

    /// <summary>
    /// How long a new digest is held, since it was first seen: days as in 3.00:00, or hours as in 12:00. With 0 it is
    /// locked at once. The default is what the crane file says, in pull.minimum_age or lock.minimum_age, otherwise 0.
    /// </summary>
    [Parameter]
    public TimeSpan? MinimumAge { get; set; }

    /// <summary>Emits what has not changed, too. The default is only what changes the lock, and what is held.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc cref="PlanCommand.Credential"/>
    [Parameter, Credential, ValidateNotNull]
    public PSCredential? Credential { get; set; }

    /// <inheritdoc cref="PlanCommand.RegistryCredential"/>
    [Parameter, ValidateNotNull]
    public IDictionary? RegistryCredential { get; set; }

    /// <summary>The maximum number of images that are looked up at the same time, from 1 to 256.</summary>
    [Parameter, ValidateRange(1, 256)]
    public int ThrottleLimit { get; set; } = 8;

    private PipelineReader Piped => field ??= new(this, Add, input => _piped.Add(ReadPiped(input)));

    private protected override void Process()
    {
        TryOrTerminate(CheckAge);
        if (InputObject is null)
            Add(SelectContainers(Name));
        else
            Piped.Add(InputObject);
    }

    private protected override void Finish()
    {
        Piped.Finish();
        base.Finish();
        foreach (var stack in _piped.GroupBy(container => LockPath(container.Path!)))
            _scopes.Add(new(stack.Key, Scope([.. stack], declared: null, isWhole: false)));
        new LockSession(this, TimeProvider.System)
        {
            Credential = Credential,
            RegistryCredential = RegistryCredential,
            ThrottleLimit = ThrottleLimit,
            EmitsAll = PassThru,
        }.Run(_scopes);
    }

    private void Add(IReadOnlyList<CraneContainer> selected)
    {
        if (selected is [var first, ..])
            _scopes.Add(new(LockPath(first.Path!), Scope(selected, Declared, IsWholeStack)));
    }

    // PowerShell takes a number for ticks, of which a second has ten million.
    private void CheckAge()
    {
        if (MinimumAge is { } age && age != TimeSpan.Zero && age < TimeSpan.FromSeconds(1))
            throw new CraneException(
                CraneErrorId.InvalidValue, $"-MinimumAge is {age}, less than a second.",
                "Write days as in 3.00:00, and hours as in 12:00; a number counts ticks.");
    }

    private static CraneContainer ReadPiped(PSObject input)
    {
        var container = ContainerReader.Read(input, RetagOperation.Pull, RetagOperation.Push);
        return container.Path is { Length: > 0 } ? container : throw new CraneException(
            CraneErrorId.InvalidValue, $"The container '{container.Name}' has no Path, so it has no lock file.",
            "Pipe it with the Path that Get-CraneContainer gave it.").About(container);
    }

    private LockScope Scope(IReadOnlyList<CraneContainer> containers, Func<ImageName, DeclaredBase?>? declared, bool isWhole) =>
        LockScope.Of(containers, ImagesOf, declared, isWhole, MinimumAge);

    // The engine's own builder also builds the stages that the target does not need.
    private static IEnumerable<string> ImagesOf(ContainerBuild build)
    {
        var read = Adapters.Current.Dockerfiles.Read(build);
        return read.Images.Concat(read.Unneeded).Select(image => image.Name);
    }
}

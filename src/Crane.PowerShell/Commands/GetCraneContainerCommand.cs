using Crane.Commands.Base;
using Crane.Completion;
using Crane.Input;

namespace Crane.Commands;

/// <summary>Reads crane files and emits their containers, dependencies first.</summary>
/// <remarks>
/// <para>A crane file lists the images of a stack. Each container becomes one object with its variables expanded: the plain name
/// of the image, what a pull reads (PullReference), what a push writes (PushReference), how it is built and what it requires. No
/// engine or registry is contacted.</para>
/// <para>Without -Path or -LiteralPath it reads the files of the variable CRANE_CONFIG, or else crane.yaml, crane.yml or
/// crane.json in the current location or its nearest parent, or else the Compose file there. See about_Crane_File.</para>
/// <para>An error in one container concerns only that container, and has file, line and column; the others are emitted. If a
/// file is invalid as a whole, nothing is emitted.</para>
/// </remarks>
/// <input cref="string">Names of containers or groups.</input>
/// <input cref="PSObject">Objects with a property LiteralPath or PSPath, such as files.</input>
/// <example>
/// Show the containers of a stack
/// <code>
/// Get-CraneContainer
/// </code>
/// <para>Reads the crane file in the current location or its nearest parent. Emits the group default, or all containers if there
/// is no such group.</para>
/// </example>
/// <example>
/// Select containers
/// <code>
/// Get-CraneContainer service, web* -WithDependency -Exclude etcd
/// </code>
/// <para>Emits the container or group service, the containers whose names begin with web, and what these need, except
/// etcd.</para>
/// </example>
/// <example>
/// Export the remote names of a user's images
/// <code>
/// Get-CraneContainer -Path crane.yaml, crane.ci.yaml -Variable @{ USER = 'bob' } |
///     Select-Object Name, Image, PullReference, PushReference |
///     Export-Csv references.csv
/// </code>
/// <para>The second file is merged into the first. The variable USER in the crane file is bob, whatever its value in the
/// environment.</para>
/// </example>
/// <example>
/// Find images that several stacks use
/// <code>
/// Get-ChildItem -Recurse -Filter crane.yaml | Get-CraneContainer * | Group-Object Image | Where-Object Count -gt 1
/// </code>
/// <para>Each piped file is a stack of its own. The name * selects all of its containers, not only the group default.</para>
/// </example>
/// <seealso cref="GetCraneRetagPlanCommand"/>
/// <seealso cref="InvokeCranePullCommand"/>
/// <seealso cref="InvokeCranePushCommand"/>
/// <seealso cref="TestCraneFileCommand"/>
[Cmdlet(VerbsCommon.Get, "CraneContainer", DefaultParameterSetName = PathSet)]
[OutputType(typeof(CraneContainer))]
public sealed class GetCraneContainerCommand : SelectionCommand
{
    /// <summary>
    /// <para>Names of containers or groups. A pattern with wildcards selects the containers that match. If a group and a container
    /// have the same name, the group is used.</para>
    /// <para>Without <see cref="Name"/> and <see cref="SelectionCommand.Group"/> the group default is selected, or all containers
    /// if there is no such group.</para>
    /// </summary>
    [Parameter(Position = 0, ParameterSetName = PathSet), Parameter(Position = 0, ParameterSetName = LiteralPathSet)]
    [ArgumentCompleter(typeof(ContainerCompleter)), SupportsWildcards, ValidateNotNullOrEmpty]
    public string[]? Name { get; set; }

    /// <summary>Names of containers or groups, objects with a Name and nothing else that matters, or crane files.</summary>
    [Parameter(ParameterSetName = InputObjectSet, Mandatory = true, ValueFromPipeline = true), ValidateNotNull]
    public PSObject? InputObject { get; set; }

    private protected override bool EmitsContainers => true;

    private PipelineReader Piped => field ??= new(this, WriteObjects, input => throw input.NotRecognized(
        "the name of a container", "names or crane files"));

    private protected override void Process()
    {
        if (InputObject is null)
            WriteObjects(SelectContainers(Name));
        else
            Piped.Add(InputObject);
    }

    private protected override void Finish()
    {
        Piped.Finish();
        base.Finish();
    }
}

using Crane.Commands.Base;
using Crane.Completion;

namespace Crane.Commands;

/// <summary>Reads crane files and emits their containers, dependencies first.</summary>
/// <remarks>
/// <para>A crane file names the images of a stack. Each of its containers becomes one object with its variables expanded: the
/// plain name of the image, what a pull reads from (PullReference), what a push writes to (PushReference), how it is built and
/// what it requires. No engine and no registry is asked.</para>
/// <para>Without -Path or -LiteralPath the files are those that the variable CRANE_CONFIG names, else crane.yaml, crane.yml or
/// crane.json in the current location or the nearest of its parents. See about_Crane_File.</para>
/// <para>What is wrong with one container is an error about that container, with file, line and column; the others are
/// emitted. What is wrong with a file is an error, and nothing of it is emitted.</para>
/// </remarks>
/// <input cref="string">Names of containers or groups.</input>
/// <input cref="PSObject">Objects with a property LiteralPath or PSPath, such as files.</input>
/// <example>
/// See what a stack consists of
/// <code>
/// Get-CraneContainer
/// </code>
/// <para>Reads the crane file of the current location or of its nearest parent. Emits the group default, or all containers
/// where there is no such group.</para>
/// </example>
/// <example>
/// Choose containers
/// <code>
/// Get-CraneContainer service, web* -WithDependency -Exclude etcd
/// </code>
/// <para>Emits the container or group service, the containers whose names begin with web, and what these need, but for
/// etcd.</para>
/// </example>
/// <example>
/// Write down where the images of a user go
/// <code>
/// Get-CraneContainer -Path crane.yaml, crane.ci.yaml -Variable @{ USER = 'bob' } |
///     Select-Object Name, Image, PullReference, PushReference |
///     Export-Csv references.csv
/// </code>
/// <para>The second file is merged into the first. The crane file's variable USER is bob, whatever the environment says.</para>
/// </example>
/// <example>
/// Find images that several stacks use
/// <code>
/// Get-ChildItem -Recurse -Filter crane.yaml | Get-CraneContainer * | Group-Object Image | Where-Object Count -gt 1
/// </code>
/// <para>Each file that is piped is a stack of its own. The name * stands for all of its containers, not only the group
/// default.</para>
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
    /// <para>Names of containers or groups. A pattern with wildcards stands for the containers it matches; where a group and a
    /// container have one name, the group is meant.</para>
    /// <para>Without <see cref="Name"/> and <see cref="SelectionCommand.Group"/>: the group default, or all containers where
    /// there is no such group.</para>
    /// </summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ParameterSetName = PathSet)]
    [Parameter(Position = 0, ParameterSetName = LiteralPathSet), ArgumentCompleter(typeof(ContainerCompleter)), SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? Name { get; set; }

    private protected override bool EmitsContainers => true;

    private protected override void Process() => WriteObjects(SelectContainers(Name));
}

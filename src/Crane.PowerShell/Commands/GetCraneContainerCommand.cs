using System.Management.Automation;
using Crane.Completion;

namespace Crane.Commands;

/// <summary>Reads crane files and emits their containers, dependencies first.</summary>
[Cmdlet(VerbsCommon.Get, "CraneContainer", DefaultParameterSetName = PathSet)]
[OutputType(typeof(CraneContainer))]
public sealed class GetCraneContainerCommand : SelectionCommand
{
    /// <summary>Containers or groups; wildcards allowed. Without it: the group <c>default</c>, or all.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ParameterSetName = PathSet)]
    [Parameter(Position = 0, ParameterSetName = LiteralPathSet)]
    [ArgumentCompleter(typeof(ContainerCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? Name { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => WriteObject(SelectContainers(Name), enumerateCollection: true);
}

using System.Management.Automation;

namespace Crane.Commands;

/// <summary>Tags images under their remote names and pushes them.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "CranePush", SupportsShouldProcess = true, DefaultParameterSetName = PathSet)]
[OutputType(typeof(RetagResult))]
public sealed class InvokeCranePushCommand : MoveCommand
{
    private protected override RetagOperation Runs => RetagOperation.Push;
}

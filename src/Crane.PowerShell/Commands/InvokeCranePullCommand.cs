using System.Management.Automation;

namespace Crane.Commands;

/// <summary>Pulls images and tags them under their plain names.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "CranePull", SupportsShouldProcess = true, DefaultParameterSetName = PathSet)]
[OutputType(typeof(RetagResult))]
public sealed class InvokeCranePullCommand : MoveCommand
{
    private protected override RetagOperation Runs => RetagOperation.Pull;
}

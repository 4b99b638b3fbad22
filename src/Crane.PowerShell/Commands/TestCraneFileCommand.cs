using System.Management.Automation;
using Crane.Configuration;
using Crane.Planning;

namespace Crane.Commands;

/// <summary>Emits every error of a crane file, and nothing else.</summary>
[Cmdlet(VerbsDiagnostic.Test, "CraneFile", DefaultParameterSetName = PathSet)]
[OutputType(typeof(CraneFileIssue))]
public sealed class TestCraneFileCommand : StackCommand
{
    private static readonly RetagOperation[] Operations = [RetagOperation.Pull, RetagOperation.Build, RetagOperation.Push];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var loaded = LoadStack();
        var errors = loaded.Stack is { } stack ? loaded.Errors.Concat(Check(stack)) : loaded.Errors;
        WriteObject(errors.Select(CraneFileIssue.Of).Distinct(), enumerateCollection: true);
    }

    // Whatever would be an error when the containers are used, all of them and not only the default group.
    private IEnumerable<CraneException> Check(CraneStack stack)
    {
        var selected = Selection.Select(stack, new SelectionRequest { Name = ["*"] }, Variables);
        foreach (var error in selected.Errors)
            yield return error;
        foreach (var operation in Operations)
        {
            var planned = Planner.Plan(selected.Containers, operation);
            foreach (var error in planned.Errors.Concat(TargetConflicts.TakeOut(planned.Plans).Errors))
                yield return error;
        }
    }
}

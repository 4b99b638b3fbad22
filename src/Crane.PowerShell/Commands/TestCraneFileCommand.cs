using System.Management.Automation;
using Crane.Configuration;
using Crane.Planning;

namespace Crane.Commands;

/// <summary>Emits every error of a crane file, and nothing else.</summary>
/// <remarks>
/// <para>The files are read, merged, expanded and planned for all operations and all containers, not only those of the group
/// default. Each thing that would be an error then is emitted as an object, with its place in the file and what to do about
/// it. A file without errors emits nothing.</para>
/// <para>Strange things that are no errors, such as unknown keys of a container, are warnings. No engine and no registry is
/// asked.</para>
/// </remarks>
/// <input cref="PSObject">Objects with a property LiteralPath or PSPath, such as files.</input>
/// <example>
/// See what is wrong with a crane file
/// <code>
/// Test-CraneFile | Format-List ErrorId, Path, Line, LineText, Message, RecommendedAction
/// </code>
/// <para>Tests the crane file of the current location or of its nearest parent.</para>
/// </example>
/// <example>
/// Test all crane files of a repository
/// <code>
/// Get-ChildItem -Recurse -Include crane.yaml, crane.yml | Test-CraneFile | Sort-Object Path, Line
/// </code>
/// <para>Each file that is piped is tested by itself. Files given together with -Path are merged and tested as one.</para>
/// </example>
/// <example>
/// Stop a build where a variable would be missing
/// <code>
/// $issues = Test-CraneFile -Path crane.yaml, crane.ci.yaml -Variable @{ GIT_SHA = 'f00ba4' }
/// if ($issues) { throw ($issues -join "`n") }
/// </code>
/// <para>As text, an issue is its path, line, column and message, which editors and build servers make a link of.</para>
/// </example>
/// <seealso cref="GetCraneContainerCommand"/>
/// <seealso cref="GetCraneRetagPlanCommand"/>
[Cmdlet(VerbsDiagnostic.Test, "CraneFile", DefaultParameterSetName = PathSet)]
[OutputType(typeof(CraneFileIssue))]
public sealed class TestCraneFileCommand : StackCommand
{
    private static readonly RetagOperation[] Operations = [RetagOperation.Pull, RetagOperation.Build, RetagOperation.Push];

    private protected override void Process()
    {
        var loaded = LoadStack();
        var errors = loaded.Stack is { } stack ? loaded.Errors.Concat(Check(stack)) : loaded.Errors;
        WriteObjects(errors.Select(CraneFileIssue.Of).Distinct());
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

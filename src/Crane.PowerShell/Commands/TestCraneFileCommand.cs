using System.Collections;
using Crane.Building;
using Crane.Commands.Base;
using Crane.CraneFile;
using Crane.CraneFile.Selecting;
using Crane.Input;
using Crane.Loading;
using Crane.Planning;

namespace Crane.Commands;

/// <summary>Emits every error of a crane file, and nothing else.</summary>
/// <remarks>
/// <para>The files are read, merged, expanded and planned for all operations and all containers, not only those of the group
/// default; the Dockerfiles of what is built are read, too. Each thing that would be an error in a run is emitted as an object,
/// with its location in the file and what to do about it. A file without errors emits nothing.</para>
/// <para>That is: what cannot be read; keys that are unknown, misplaced or duplicate; variables that are not set, or are set
/// but empty; names of images, registries, users and tags; names that groups, hooks and requirements use and nothing declares;
/// dependency cycles, also by FROM; Dockerfiles that are not there or cannot be read; hooks that cannot be run; and pulls,
/// builds, pushes and copies that would write different images to one name.</para>
/// <para>No engine and no registry is asked, and nothing is run. So it cannot say whether images, registries, credentials and
/// certificates are there, and what builds and hooks will do. Variables are those of this session: test with those that the run
/// has. What a pre-build hook makes need not be there. Strange things that are no errors, such as other unknown keys of a
/// container, are warnings.</para>
/// </remarks>
/// <input cref="string">Paths of crane files, each tested by itself.</input>
/// <input cref="PSObject">Objects with a property LiteralPath or PSPath, such as files.</input>
/// <output cref="bool">With -Quiet: whether there is no error.</output>
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
/// Go on only where nothing is wrong
/// <code>
/// if (Test-CraneFile crane.yaml -Quiet) { Invoke-CranePush -Path crane.yaml }
/// </code>
/// <para>-Quiet gives $true or $false instead of the errors.</para>
/// </example>
/// <example>
/// Stop a build where a variable would be missing
/// <code>
/// $issues = Test-CraneFile crane.yaml, crane.ci.yaml -Variable @{ GIT_SHA = 'f00ba4' }
/// if ($issues) { throw ($issues -join "`n") }
/// </code>
/// <para>As text, an issue is its path, line, column and message, which editors and build servers make a link of.</para>
/// </example>
/// <seealso cref="GetCraneContainerCommand"/>
/// <seealso cref="GetCraneRetagPlanCommand"/>
[Cmdlet(VerbsDiagnostic.Test, "CraneFile", DefaultParameterSetName = PathSet)]
[OutputType(typeof(CraneFileIssue), typeof(bool))]
public sealed class TestCraneFileCommand : CraneCommand
{
    private const string PathSet = "Path";
    private const string LiteralPathSet = "LiteralPath";

    private static readonly SelectionRequest Everything = new() { Name = ["*"], Group = ["*"], WithDependency = true };

    private static readonly RetagOperation[] Operations =
        [RetagOperation.Pull, RetagOperation.Build, RetagOperation.Push, RetagOperation.Copy];

    /// <inheritdoc cref="SelectionCommand.Path"/>
    [Parameter(Position = 0, ValueFromPipeline = true, ParameterSetName = PathSet), SupportsWildcards, ValidateNotNullOrEmpty]
    public string[]? Path { get; set; }

    /// <inheritdoc cref="SelectionCommand.LiteralPath"/>
    [Parameter(ParameterSetName = LiteralPathSet, Mandatory = true, ValueFromPipelineByPropertyName = true), Alias("PSPath")]
    [ValidateNotNullOrEmpty]
    public string[]? LiteralPath { get; set; }

    /// <inheritdoc cref="SelectionCommand.Variable"/>
    [Parameter, ValidateNotNull]
    public IDictionary? Variable { get; set; }

    /// <summary>Emits $true where there is no error, else $false, in place of the errors.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    private CraneFileInput Files => field ??= new(SessionState.Path, Variable, WriteWarning);

    private protected override void Finish() => Files.WarnOfUnusedVariables();

    private protected override void Process()
    {
        var loaded = Files.Load(Path, LiteralPath);
        var errors = loaded.Stack is { } stack ? loaded.Errors.Concat(Check(stack)) : loaded.Errors;
        if (Quiet)
            WriteObject(!errors.Any());
        else
            WriteObjects(errors.Select(CraneFileIssue.Of).DistinctBy(issue => issue.Identity));
    }

    // Whatever would be an error when the containers are used, all of them and not only the default group.
    private IEnumerable<CraneException> Check(CraneStack stack)
    {
        var selected = Selection.Select(stack, Everything, Files.Variables);
        return [
            .. selected.Errors,
            .. UndeclaredContainer.InHooks(stack, Files.Variables),
            .. Operations.SelectMany(operation => Check(selected.Containers, operation)),
        ];
    }

    private static IEnumerable<CraneException> Check(IReadOnlyList<CraneContainer> containers, RetagOperation operation)
    {
        var planned = Planner.Plan(containers, operation);
        var kept = TargetConflicts.TakeOut(planned.Plans);
        IReadOnlyList<RetagPlan> builds = operation == RetagOperation.Build ? planned.Plans : [];
        var graph = BuildGraph.Read(builds, Adapters.Current.Dockerfiles);
        return [.. planned.Errors, .. kept.Errors, .. graph.Errors, .. graph.Nodes.Select(node => node.Fault).OfType<CraneException>()];
    }
}

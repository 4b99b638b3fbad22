using Crane.Building;
using Crane.Commands.Base;
using Crane.Completion;
using Crane.Input;
using Crane.Loading;
using Crane.Planning;

namespace Crane.Commands;

/// <summary>Writes what would be built as a bake file, for docker buildx bake.</summary>
/// <remarks>
/// <para>Each image is a target, named after its container; targets are linked where a Dockerfile names the image of another,
/// so that one run of docker buildx bake builds the whole graph. All keys of build sections are in it. Bake names the images
/// as the crane file does, and loads them into the engine; its own options, such as --push or --set, change that.</para>
/// <para>A base that the crane file declares and that is not among the targets is linked to where its container is pulled from,
/// by its tag: whoever runs the file gets it from there, never from a public registry by its plain name. Where it is pulled from
/// nowhere, that is the error BaseNotFound.</para>
/// <para>Names of targets have only letters, digits, - and _, so in them an _ is doubled, and any other character is _ with
/// two digits: web.api is web_2eapi. A build argument without a value is a variable of the bake file: it takes the value
/// that the environment has when bake runs. Secrets are in it as the crane file has them: where they are, never what
/// they are. Paths are full paths.</para>
/// <para>A bake file is whole or not written: where a Dockerfile cannot be read, that is an error, and there is no file. Hooks
/// are not part of it, which is a warning.</para>
/// </remarks>
/// <input cref="CraneContainer">Containers, live or read back from JSON, CSV or CliXml.</input>
/// <input cref="RetagPlan">Build plans, live or read back.</input>
/// <input cref="RetagResult">Results of builds.</input>
/// <output cref="string">The text of the bake file, without -FilePath.</output>
/// <output cref="FileInfo">The file that was written, with -FilePath and -PassThru.</output>
/// <example>
/// Build with bake by hand
/// <code>
/// Export-CraneBakeFile | docker buildx bake --file -
/// </code>
/// <para>Without -FilePath the text goes down the pipeline.</para>
/// </example>
/// <example>
/// Write a file for another machine or a pipeline of CI
/// <code>
/// Export-CraneBakeFile service -WithDependency -FilePath docker-bake.json -NoClobber
/// docker buildx bake --file docker-bake.json --set *.platform=linux/arm64
/// </code>
/// <para>An existing file is not overwritten. Without -NoClobber it is.</para>
/// </example>
/// <example>
/// Look at one target
/// <code>
/// (Export-CraneBakeFile | ConvertFrom-Json).target.os
/// </code>
/// <para>The file is JSON.</para>
/// </example>
/// <seealso cref="InvokeCraneBuildCommand"/>
/// <seealso cref="GetCraneRetagPlanCommand"/>
[Cmdlet(VerbsData.Export, "CraneBakeFile", SupportsShouldProcess = true, DefaultParameterSetName = PathSet)]
[OutputType(typeof(string), typeof(FileInfo))]
public sealed class ExportCraneBakeFileCommand : SelectionCommand
{
    /// <inheritdoc cref="GetCraneContainerCommand.Name"/>
    [Parameter(Position = 0, ParameterSetName = PathSet), Parameter(Position = 0, ParameterSetName = LiteralPathSet)]
    [ArgumentCompleter(typeof(ContainerCompleter)), SupportsWildcards, ValidateNotNullOrEmpty]
    public string[]? Name { get; set; }

    /// <inheritdoc cref="PlanCommand.InputObject"/>
    [Parameter(ParameterSetName = InputObjectSet, Mandatory = true, ValueFromPipeline = true), ValidateNotNull]
    public PSObject? InputObject { get; set; }

    /// <summary>The file to write, in a folder that exists. Without it the text is emitted.</summary>
    [Parameter, ValidateNotNullOrEmpty]
    public string? FilePath { get; set; }

    /// <summary>Leaves a file that exists as it is: that is the error NoClobber then, as it is of Out-File.</summary>
    [Parameter, Alias("NoOverwrite")]
    public SwitchParameter NoClobber { get; set; }

    /// <summary>Overwrites a file even where it is read-only.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Emits the file that was written.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private PlanGatherer Plans =>
        field ??= new(this, [RetagOperation.Build], containers => Planner.Plan(containers, RetagOperation.Build));

    private protected override void Process() => Plans.Take(InputObject, Name);

    private protected override void Finish()
    {
        base.Finish();
        var plans = Plans.WithoutConflicts();
        WarnWhereAllAreSkipped(plans);
        var planned = plans.Where(plan => plan.Status == RetagStatus.Planned)
            .Select(plan => TryCheck(() => BuildPlan.Check(plan, build => build), plan)).OfType<RetagPlan>().ToList();
        var graph = BuildGraph.Read(planned, Adapters.Current.Dockerfiles, Declared);
        WriteErrors([.. graph.Errors, .. graph.Nodes.Select(node => node.Fault).OfType<CraneException>()]);
        if (graph.Nodes.Count == 0 || graph.Errors.Count > 0 || graph.Nodes.Any(node => node.Fault is not null))
            return;
        var first = NodeOutcomes.FirstOfEach(graph.Nodes);
        if (TryCheck(() => ExportedBases.AddTo(GraphBuild.Of(graph.Nodes, [.. first.Distinct()], first), graph.Names, Adapters.Current.Dockerfiles)) is not { } builds
            || TryCheck(() => Adapters.Current.BakeFile(builds)) is not { } text)
        {
            return;
        }

        if (planned.Where(plan => plan.Hook is not null).Select(plan => plan.Container).ToList() is [_, ..] hooked)
            WriteWarning($"Hooks are not part of a bake file; run those of {string.Join(", ", hooked)} before it.");
        if (FilePath is null)
            WriteObject(text);
        else
            Write(FileSystemPath.Of(SessionState.Path, FilePath, "-FilePath"), text);
    }

    private void Write(string path, string text)
    {
        if (!ShouldProcess(path, "Write the bake file"))
            return;
        try
        {
            // As Out-File says it.
            if (NoClobber && File.Exists(path))
            {
                var exists = new IOException($"The file '{path}' already exists.");
                ThrowTerminatingError(new ErrorRecord(exists, "NoClobber", ErrorCategory.ResourceExists, path));
            }

            if (Force && File.Exists(path))
                File.SetAttributes(path, File.GetAttributes(path) & ~FileAttributes.ReadOnly);
            File.WriteAllText(path, $"{text}\n");
            if (PassThru)
                WriteObject(new FileInfo(path));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CraneException(
                CraneErrorId.FileNotWritten, $"The bake file cannot be written: {failure.Message}",
                "Name another file with -FilePath. -Force overwrites one that is read-only.", failure)
            {
                Target = path,
            };
        }
    }
}

using Crane.Building;
using Crane.Commands.Base;
using Crane.Completion;
using Crane.Loading;
using Crane.Planning;

namespace Crane.Commands;

/// <summary>Writes what would be built as a bake file for docker buildx bake.</summary>
/// <remarks>
/// <para>Each image becomes a target, named after its container. Targets are linked where a Dockerfile names another target's
/// image, so that one run of docker buildx bake builds the whole graph. The file contains all keys of the build sections. Bake
/// names the images as in the crane file and loads them into the engine; its own options, such as --push or --set, change
/// that.</para>
/// <para>A base that the crane file declares but that is not a target is linked, by its tag, to where its container is pulled
/// from. So bake never gets it from a public registry by its plain name. If its container is not pulled from anywhere, that is
/// the error BaseNotFound.</para>
/// <para>Target names consist of letters, digits, - and _; so an _ is doubled, and any other character becomes _ and two hex
/// digits: web.api is web_2eapi. A build argument without a value becomes a variable of the bake file, which takes its value from
/// the environment when bake runs. Secrets are included as in the crane file: their location, never their value. Paths are
/// full paths.</para>
/// <para>A bake file is complete or not written: if a Dockerfile cannot be read, there is an error and no file. Hooks are not
/// included, which is a warning.</para>
/// </remarks>
/// <input cref="string">Names of containers or groups.</input>
/// <input cref="CraneContainer">Containers, live or read back from JSON, CSV or CliXml.</input>
/// <input cref="RetagPlan">Build plans, live or read back.</input>
/// <input cref="RetagResult">Results of builds.</input>
/// <output cref="string">The content of the bake file, without -FilePath.</output>
/// <output cref="FileInfo">The file that was written, with -FilePath and -PassThru.</output>
/// <example>
/// Build with bake by hand
/// <code>
/// Export-CraneBakeFile | docker buildx bake --file -
/// </code>
/// <para>Without -FilePath the content is emitted.</para>
/// </example>
/// <example>
/// Write a file for another machine or a CI pipeline
/// <code>
/// Export-CraneBakeFile service -WithDependency -FilePath docker-bake.json -NoClobber
/// docker buildx bake --file docker-bake.json --set *.platform=linux/arm64
/// </code>
/// <para>With -NoClobber an existing file is not overwritten.</para>
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
public sealed class ExportCraneBakeFileCommand : ExportCommand
{
    /// <inheritdoc cref="GetCraneContainerCommand.Name"/>
    [Parameter(Position = 0, ParameterSetName = PathSet), Parameter(Position = 0, ParameterSetName = LiteralPathSet)]
    [ArgumentCompleter(typeof(ContainerCompleter)), SupportsWildcards, ValidateNotNullOrEmpty]
    public string[]? Name { get; set; }

    /// <inheritdoc cref="PlanCommand.InputObject"/>
    [Parameter(ParameterSetName = InputObjectSet, Mandatory = true, ValueFromPipeline = true), ValidateNotNull]
    public PSObject? InputObject { get; set; }

    private PlanGatherer Plans =>
        field ??= new(this, [RetagOperation.Build], containers => Planner.Plan(containers, RetagOperation.Build));

    private protected override void Process() => Plans.Add(InputObject, Name);

    private protected override void Finish()
    {
        base.Finish();
        var plans = Plans.WithoutConflicts();
        WarnIfAllAreSkipped(plans);
        var planned = plans.Where(plan => plan.Status == RetagStatus.Planned)
            .Select(plan => TryGet(() => BuildPlan.Check(plan, build => build), plan)).OfType<RetagPlan>().ToList();
        var graph = BuildGraph.Read(planned, Adapters.Current.Dockerfiles, Declared, Refused);
        WriteErrors([.. graph.Errors, .. graph.Nodes.Select(node => node.Error).OfType<CraneException>()]);
        if (graph.Nodes.Count == 0 || graph.Errors.Count > 0 || !graph.Nodes.All(node => node.CanBegin))
            return;
        var first = NodeOutcomes.FirstOfEach(graph.Nodes);
        var build = GraphBuild.Of(graph.Nodes, [.. first.Distinct()], first);
        if (TryGet(() => ExportedBases.AddTo(build, graph.Names, Adapters.Current.Dockerfiles)) is not { } builds
            || TryGet(() => Adapters.Current.BakeFile(builds)) is not { } json)
            return;

        if (planned.Where(plan => plan.Hook is not null).Select(plan => plan.Container).ToList() is [_, ..] withHooks)
            WriteWarning($"A bake file has no hooks; run those of {string.Join(", ", withHooks)} yourself.");
        Export(json, "the bake file");
    }
}

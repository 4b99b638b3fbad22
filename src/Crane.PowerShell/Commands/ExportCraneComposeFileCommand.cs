using Crane.Commands.Base;
using Crane.Completion;
using Crane.CraneFile.Writing;
using Crane.Input;
using Crane.Loading;
using Crane.Planning;

namespace Crane.Commands;

/// <summary>Writes a stack as a Compose file, to run it with docker compose.</summary>
/// <remarks>
/// <para>Each container becomes a service with its image, its build, what it requires, and how it is run: the keys of Compose, and
/// those of old crane files for docker run, in the words of Compose. Options that only docker run has are left out, which is a warning.
/// Where Crane pulls the image from, and pushes it to, is under x-crane, so that the file is a crane file, too.</para>
/// <para>Compose looks for an image that is not there on Docker Hub, by its plain name, where it may be anybody's. So an image that Crane
/// pulls from another place has the pull_policy never: run Invoke-CranePull before docker compose up.</para>
/// <para>Variables in what concerns images are expanded; those in other keys are for Compose. Paths are relative to the folder of -FilePath,
/// and full without it. Named volumes and networks are declared.</para>
/// <para>With -Locked it is a file to merge over that: each image that crane.lock has is named by its registry and digest.</para>
/// </remarks>
/// <input cref="string">Names of containers or groups.</input>
/// <input cref="CraneContainer">Containers, live or read back from JSON, CSV or CliXml.</input>
/// <input cref="PSObject">Objects with a property LiteralPath or PSPath, such as files.</input>
/// <output cref="string">The content of the Compose file, without -FilePath.</output>
/// <output cref="FileInfo">The file that was written, with -FilePath and -PassThru.</output>
/// <example>
/// Pull and run a stack
/// <code>
/// Invoke-CranePull
/// Export-CraneComposeFile -FilePath compose.yaml
/// docker compose up
/// </code>
/// <para>The containers run from the images with plain names.</para>
/// </example>
/// <example>
/// Run exactly the images of the lock
/// <code>
/// Invoke-CranePull -Locked
/// Export-CraneComposeFile -Locked -FilePath compose.lock.yaml
/// docker compose --file compose.yaml --file compose.lock.yaml up
/// </code>
/// <para>The second file names each image by its digest.</para>
/// </example>
/// <seealso cref="NewCraneFileCommand"/>
/// <seealso cref="ExportCraneBakeFileCommand"/>
/// <seealso cref="UpdateCraneLockCommand"/>
[Cmdlet(VerbsData.Export, "CraneComposeFile", SupportsShouldProcess = true, DefaultParameterSetName = PathSet)]
[OutputType(typeof(string), typeof(FileInfo))]
public sealed class ExportCraneComposeFileCommand : ExportCommand
{
    private readonly List<CraneContainer> _containers = [];

    /// <inheritdoc cref="GetCraneContainerCommand.Name"/>
    [Parameter(Position = 0, ParameterSetName = PathSet), Parameter(Position = 0, ParameterSetName = LiteralPathSet)]
    [ArgumentCompleter(typeof(ContainerCompleter)), SupportsWildcards, ValidateNotNullOrEmpty]
    public string[]? Name { get; set; }

    /// <summary>Names of containers or groups, or containers, live or read back from JSON, CSV or CliXml.</summary>
    [Parameter(ParameterSetName = InputObjectSet, Mandatory = true, ValueFromPipeline = true), ValidateNotNull]
    public PSObject? InputObject { get; set; }

    /// <summary>Writes only the images of crane.lock with their digests, to merge over another Compose file.</summary>
    [Parameter]
    public SwitchParameter Locked { get; set; }

    private protected override bool NeedsRun => !Locked;

    private PipelineReader Piped => field ??= new(this, _containers.AddRange, input => _containers.Add(ContainerReader.Read(input)));

    private protected override void Process()
    {
        if (InputObject is { } input)
            Piped.Add(input);
        else
            _containers.AddRange(SelectContainers(Name));
    }

    private protected override void Finish()
    {
        Piped.Finish();
        base.Finish();
        WriteErrors(_containers.Select(ComposeExport.Refused).OfType<CraneException>());
        _containers.RemoveAll(container => ComposeExport.Refused(container) is not null);
        if (_containers.Count == 0)
            return;
        if (Locked)
        {
            if (Pins() is { Count: > 0 } pins)
                Export(Adapters.Current.Yaml(ComposeExport.Pins(pins)), "the Compose file");
            return;
        }

        var folder = FilePath is null
            ? null : System.IO.Path.GetDirectoryName(FileSystemPath.Of(SessionState.Path, FilePath, "-FilePath"));
        if (_containers.Where(container => container.Hook is not null).ToList() is { Count: > 0 } hooked)
            WriteWarning($"A Compose file has no hooks; those of {string.Join(", ", hooked)} are run by Crane only.");
        Export(Adapters.Current.Yaml(new ComposeExport(folder).Write(_containers)), "the Compose file");
    }

    private List<(string Container, ImageName Image)> Pins()
    {
        var planned = Planner.Plan(_containers, RetagOperation.Pull);
        WriteErrors(planned.Errors);
        return [.. new LockedPlans(this).Apply([.. planned.Plans.Where(plan => plan.Status == RetagStatus.Planned)])
            .Select(CheckedMove.Check).Where(move => move.From.ContentDigest is not null)
            .Select(move => (move.Plan.Container, move.From.WithoutTag()))];
    }
}

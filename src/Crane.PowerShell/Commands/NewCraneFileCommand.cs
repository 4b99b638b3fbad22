using System.Reflection;
using Crane.Commands.Base;
using Crane.Completion;
using Crane.CraneFile;
using Crane.CraneFile.Writing;
using Crane.Input;
using Crane.Loading;
using Crane.Running;

namespace Crane.Commands;

/// <summary>Writes a first crane file.</summary>
/// <remarks>
/// <para>Without other parameters it has a container for each service of the Compose file in the folder, and for each Dockerfile in the
/// folder and those in it. If there is nothing of these, it has an example. An image that is built gets the plain name
/// FOLDER/NAME, which you may want to change.</para>
/// <para>The file has comments, says nothing about pushes, and names the schema by which editors complete and check it. An existing file is
/// not overwritten without -Force.</para>
/// </remarks>
/// <input cref="string">Names of images, for -FromImage.</input>
/// <output cref="FileInfo">The file that was written.</output>
/// <example>
/// Begin with the Dockerfiles and the Compose file of a project
/// <code>
/// New-CraneFile
/// Get-CraneContainer
/// </code>
/// <para>Writes crane.yaml in the current location, and shows what is in it.</para>
/// </example>
/// <example>
/// Begin with images of a registry
/// <code>
/// New-CraneFile stack -FromImage registry.company.co/company/os, registry.company.co/coreos/etcd:2
/// </code>
/// <para>Each image gets its name without the registry, and is pulled from there.</para>
/// </example>
/// <example>
/// Begin with what the engine has
/// <code>
/// New-CraneFile -FromEngine -Force
/// </code>
/// <para>Overwrites the file with one that has every image with a name.</para>
/// </example>
/// <seealso cref="TestCraneFileCommand"/>
/// <seealso cref="GetCraneContainerCommand"/>
[Cmdlet(VerbsCommon.New, "CraneFile", SupportsShouldProcess = true, DefaultParameterSetName = FolderSet)]
[OutputType(typeof(FileInfo))]
public sealed class NewCraneFileCommand : CraneCommand
{
    private const string FolderSet = "Folder";
    private const string ComposeSet = "Compose";
    private const string ImageSet = "Image";
    private const string EngineSet = "Engine";
    private const string FileName = "crane.yaml";

    // What everybody can pull, and a newcomer can replace.
    private const string Example = "hello-world";

    private readonly List<string> _images = [];

    /// <summary>The folder to write crane.yaml in; the default is the current location. It is created if it does not exist.</summary>
    [Parameter(Position = 0), ValidateNotNullOrEmpty]
    public string Path { get; set; } = ".";

    /// <summary>A Compose file, whose services become the containers.</summary>
    [Parameter(ParameterSetName = ComposeSet, Mandatory = true), ValidateNotNullOrEmpty]
    public string? FromCompose { get; set; }

    /// <summary>Names of images, each with the registry to pull it from.</summary>
    [Parameter(ParameterSetName = ImageSet, Mandatory = true, ValueFromPipeline = true), ValidateNotNullOrEmpty]
    public string[] FromImage { get; set; } = [];

    /// <summary>The images of the engine that have a name.</summary>
    [Parameter(ParameterSetName = EngineSet, Mandatory = true)]
    public SwitchParameter FromEngine { get; set; }

    /// <inheritdoc cref="GetCraneImageCommand.Engine"/>
    [Parameter(ParameterSetName = EngineSet), ArgumentCompleter(typeof(EngineCompleter)), ValidateNotNullOrEmpty]
    public string? Engine { get; set; }

    /// <summary>Overwrites an existing file.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override void Process() => _images.AddRange(FromImage);

    private protected override void Finish()
    {
        // PowerShell chooses the parameters of a command without input, but an empty list of images asks for no example.
        if (MyInvocation.ExpectingInput && _images.Count == 0)
            return;
        // As for the crane file that others find, the current location is that of the file system.
        var folder = MyInvocation.BoundParameters.ContainsKey(nameof(Path))
            ? FileSystemPath.Of(SessionState.Path, Path, "-Path")
            : SessionState.Path.CurrentFileSystemLocation.ProviderPath;
        if (System.IO.Path.GetExtension(folder) is ".yaml" or ".yml" or ".json" && !Directory.Exists(folder))
            throw new CraneException(
                CraneErrorId.InvalidValue, $"-Path '{Path}' looks like a file, but names the folder for {FileName}.",
                "Give the folder, or nothing for the current one.");
        var file = System.IO.Path.Join(folder, FileName);
        if (File.Exists(file) && !Force)
            throw new CraneException(
                CraneErrorId.FileNotWritten, $"'{file}' exists already.", "Overwrite it with -Force, or choose another folder.")
                .About(file);
        var draft = new CraneFileDraft();
        if (!Fill(draft, folder) || !ShouldProcess(file, "Write a crane file"))
            return;
        try
        {
            Directory.CreateDirectory(folder);
            File.WriteAllText(file, draft.Write(Schema, Adapters.Current.Yaml));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CraneException(
                CraneErrorId.FileNotWritten, $"The crane file cannot be written: {exception.Message}", "Choose another folder.", exception)
                .About(file);
        }

        WriteObject(new FileInfo(file));
    }

    private static string Schema => typeof(NewCraneFileCommand).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .First(metadata => metadata.Key == "CraneFileSchema").Value!;

    private bool Fill(CraneFileDraft draft, string folder)
    {
        switch (ParameterSetName)
        {
            case ComposeSet:
                return AddCompose(draft, [FileSystemPath.Of(SessionState.Path, FromCompose!, "-FromCompose")], folder);
            case ImageSet:
                foreach (var image in _images)
                    Try(() => draft.AddImage(image), image);
                return draft.Count > 0;
            case EngineSet:
                return AddEngine(draft);
            default:
                if (Directory.Exists(folder))
                    AddFolder(draft, folder);
                if (draft.Count == 0)
                    draft.AddImage(Example);
                return true;
        }
    }

    private void AddFolder(CraneFileDraft draft, string folder)
    {
        if (Adapters.Current.FindComposeFiles(folder) is { Count: > 0 } compose)
            AddCompose(draft, compose, folder);
        var project = ProjectOf(folder);
        foreach (var dockerfile in Adapters.Current.FindDockerfiles(folder))
        {
            var context = System.IO.Path.GetDirectoryName(dockerfile)!;
            if (draft.Contexts.Contains(context))
                continue;
            var written = System.IO.Path.GetFileName(dockerfile);
            var name = ProjectOf(context);
            draft.AddBuild(
                name, context == folder ? name : $"{project}/{name}", context, CraneFileDraft.Relative(context, folder),
                written == "Dockerfile" ? null : written);
        }
    }

    private bool AddEngine(CraneFileDraft draft)
    {
        var request = RegistryCredentials.Request(FileSystemPath.OfEngine(SessionState.Path, Engine), null, null, [], []);
        var pump = new PipelinePump(StopToken);
        pump.Run(async cancellation =>
        {
            foreach (var image in await Adapters.Current.ImageNamesAsync(request, cancellation))
                draft.AddImage(image);
        });
        if (draft.Count == 0)
            WriteWarning("The engine has no image with a name.");
        return draft.Count > 0;
    }

    private bool AddCompose(CraneFileDraft draft, IReadOnlyList<string> paths, string folder)
    {
        var loaded = Adapters.Current.CraneFiles.Load(
            new CraneFileQuery(paths, SessionState.Path.CurrentFileSystemLocation.ProviderPath, new SessionVariables(null)));
        WriteErrors(loaded.Errors);
        if (loaded.Stack is not { } stack)
            return false;
        draft.AddStack(stack, folder);
        return true;
    }

    // A component of an image's name.
    private static string ProjectOf(string folder)
    {
        var name = System.Text.RegularExpressions.Regex.Replace(
            System.IO.Path.GetFileName(folder).ToLowerInvariant(), "[^a-z0-9]+", "-").Trim('-');
        return name.Length > 0 ? name : "stack";
    }
}

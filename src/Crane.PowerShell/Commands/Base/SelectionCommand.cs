using System.Collections;
using Crane.Completion;
using Crane.CraneFile;
using Crane.CraneFile.Selecting;
using Crane.Input;
using Crane.Loading;

namespace Crane.Commands.Base;

/// <summary>The cmdlets that select containers of crane files.</summary>
public abstract class SelectionCommand : CraneCommand
{
    private protected const string PathSet = "Path";
    private protected const string LiteralPathSet = "LiteralPath";
    private protected const string InputObjectSet = "InputObject";

    private readonly List<DeclaredImages> _images = [];
    private CraneStackResult? _toldErrorsOf;

    private protected SelectionCommand() { }

    /// <summary>
    /// <para>Crane files, or folders that hold crane.yaml, crane.yml or crane.json. Several files merge: maps deeply, lists and
    /// other values are those of the later file.</para>
    /// <para>Without it: the files of the variable CRANE_CONFIG, else the crane file of the current location or of the nearest
    /// of its parents.</para>
    /// </summary>
    [Parameter(ParameterSetName = PathSet), SupportsWildcards, ValidateNotNullOrEmpty]
    public string[]? Path { get; set; }

    /// <summary>Crane files or folders, as <see cref="Path"/>, but taken as they are: no character is a wildcard.</summary>
    [Parameter(ParameterSetName = LiteralPathSet, Mandatory = true, ValueFromPipelineByPropertyName = true), Alias("PSPath")]
    [ValidateNotNullOrEmpty]
    public string[]? LiteralPath { get; set; }

    /// <summary>
    /// Values for the variables in the crane file, by name. They come before the environment's; one that is $null counts as
    /// not set, whatever the environment says.
    /// </summary>
    [Parameter(ParameterSetName = PathSet), Parameter(ParameterSetName = LiteralPathSet), ValidateNotNull]
    public IDictionary? Variable { get; set; }

    /// <summary>Names of groups, whose containers are selected beside those of -Name.</summary>
    [Parameter(ParameterSetName = PathSet), Parameter(ParameterSetName = LiteralPathSet)]
    [ArgumentCompleter(typeof(GroupCompleter)), SupportsWildcards, ValidateNotNullOrEmpty]
    public string[] Group { get; set; } = [];

    /// <summary>
    /// Names of containers or groups to leave out. They stay out as dependencies and dependents, too. A name that means
    /// nothing is an error, and nothing is selected.
    /// </summary>
    [Parameter(ParameterSetName = PathSet), Parameter(ParameterSetName = LiteralPathSet)]
    [ArgumentCompleter(typeof(ContainerCompleter)), SupportsWildcards, ValidateNotNullOrEmpty]
    public string[] Exclude { get; set; } = [];

    /// <summary>
    /// A tag for the images that are ours: those that are built here, or have both a pull and a push directive. Images of others
    /// keep the tag that the crane file gives them, unless their container is named with -Name, without wildcards.
    /// </summary>
    [Parameter(ParameterSetName = PathSet), Parameter(ParameterSetName = LiteralPathSet), ValidateNotNullOrEmpty]
    public string? Tag { get; set; }

    /// <summary>
    /// Also selects what the selected containers need, and what that needs in turn: what the crane file says, and images that
    /// their Dockerfiles name.
    /// </summary>
    [Parameter(ParameterSetName = PathSet), Parameter(ParameterSetName = LiteralPathSet)]
    public SwitchParameter WithDependency { get; set; }

    /// <summary>Also selects what needs the selected containers, and what needs that in turn, likewise.</summary>
    [Parameter(ParameterSetName = PathSet), Parameter(ParameterSetName = LiteralPathSet)]
    public SwitchParameter WithDependent { get; set; }

    /// <summary>What an image is to the crane files that were read; null where none was.</summary>
    internal Func<ImageName, DeclaredBase?>? Declared => _images.Count == 0
        ? null
        : name => _images.Select(images => images.FindBase(name)).FirstOrDefault(found => found is not null);

    /// <summary>Whether the containers leave this cmdlet, and have to carry what their Dockerfiles name.</summary>
    private protected virtual bool EmitsContainers => false;

    private CraneFileInput Files => field ??= new(SessionState.Path, Variable, WriteWarning);

    private protected override void Finish() => Files.WarnOfUnusedVariables();

    /// <summary>The selected containers of the crane files; what is wrong with the others is written here.</summary>
    internal IReadOnlyList<CraneContainer> SelectContainers(string[]? names)
    {
        var loaded = Files.Load(Path, LiteralPath);
        if (loaded != _toldErrorsOf)
            WriteErrors(loaded.Errors);
        _toldErrorsOf = loaded;
        if (loaded.Stack is not { } stack)
            return [];
        var selected = Selection.Select(
            stack,
            new SelectionRequest
            {
                Name = names ?? [],
                Group = Group,
                Exclude = Exclude,
                Tag = Tag,
                WithDependency = WithDependency,
                WithDependent = WithDependent,
                BasesOf = build => [.. Adapters.Current.Dockerfiles.Read(build).Images.Select(image => image.Name)],
                WithBases = EmitsContainers,
            },
            Files.Variables);
        WriteErrors(selected.Errors);
        if (selected.Images is { } images)
            _images.Add(images);
        return selected.Containers;
    }

    /// <summary>Nothing is silent: a run that does nothing at all says so.</summary>
    internal void WarnWhereAllAreSkipped(IEnumerable<RetagPlan> plans)
    {
        if (plans.Select(plan => plan.Status).Distinct().ToList() is [RetagStatus.Skipped])
            WriteWarning("Everything that was selected is skipped; the Reason of each result says why.");
    }
}

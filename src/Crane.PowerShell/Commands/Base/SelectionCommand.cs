using System.Collections;
using Crane.Completion;
using Crane.CraneFile;
using Crane.CraneFile.Selecting;
using Crane.Input;
using Crane.Loading;
using Crane.Locking;

namespace Crane.Commands.Base;

/// <summary>The base of the cmdlets that select containers from crane files.</summary>
public abstract class SelectionCommand : CraneCommand
{
    private protected const string PathSet = "Path";
    private protected const string LiteralPathSet = "LiteralPath";
    private protected const string InputObjectSet = "InputObject";

    private readonly List<DeclaredImages> _images = [];
    private readonly Dictionary<string, string> _firstFiles = new(StringComparer.Ordinal);
    private CraneStackResult? _reportedErrorsOf;
    private (CraneStack Stack, SelectionResult Selected)? _last;

    private protected SelectionCommand() { }

    /// <summary>
    /// <para>Crane files, or folders with crane.yaml, crane.yml, crane.json or a Compose file. Several files are merged: maps deeply;
    /// lists and other values are replaced by those of the later file.</para>
    /// <para>The default is the variable CRANE_CONFIG, otherwise the crane file in the current location or its nearest
    /// parent, otherwise the Compose file there.</para>
    /// </summary>
    [Parameter(ParameterSetName = PathSet), Parameter(ParameterSetName = InputObjectSet), SupportsWildcards, ValidateNotNullOrEmpty]
    public string[]? Path { get; set; }

    /// <summary>Crane files or folders, like <see cref="Path"/>, but without wildcards.</summary>
    [Parameter(ParameterSetName = LiteralPathSet, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = InputObjectSet), Alias("PSPath"), ValidateNotNullOrEmpty]
    public string[]? LiteralPath { get; set; }

    /// <summary>
    /// Values for the variables in the crane file, by name. They override the environment; $null means not set, even if the
    /// environment has a value.
    /// </summary>
    [Parameter(ParameterSetName = PathSet), Parameter(ParameterSetName = LiteralPathSet), Parameter(ParameterSetName = InputObjectSet)]
    [ArgumentCompleter(typeof(VariableCompleter)), ValidateNotNull]
    public IDictionary? Variable { get; set; }

    /// <summary>
    /// Files of variables, one NAME=value in each line, for variables that neither -Variable nor the environment has. Later files
    /// override earlier ones. The default is .env beside the crane file, if there is one.
    /// </summary>
    [Parameter(ParameterSetName = PathSet), Parameter(ParameterSetName = LiteralPathSet), Parameter(ParameterSetName = InputObjectSet)]
    [ValidateNotNullOrEmpty]
    public string[]? EnvFile { get; set; }

    /// <summary>Reads no file of variables, not even .env beside the crane file.</summary>
    [Parameter(ParameterSetName = PathSet), Parameter(ParameterSetName = LiteralPathSet), Parameter(ParameterSetName = InputObjectSet)]
    public SwitchParameter NoEnvFile { get; set; }

    /// <summary>Names of groups whose containers are selected in addition to those of -Name.</summary>
    [Parameter(ParameterSetName = PathSet), Parameter(ParameterSetName = LiteralPathSet), Parameter(ParameterSetName = InputObjectSet)]
    [ArgumentCompleter(typeof(GroupCompleter)), SupportsWildcards, ValidateNotNullOrEmpty]
    public string[] Group { get; set; } = [];

    /// <summary>
    /// Names of containers or groups to exclude, also as dependencies and dependents. With an unknown name, which is an error,
    /// nothing is selected.
    /// </summary>
    [Parameter(ParameterSetName = PathSet), Parameter(ParameterSetName = LiteralPathSet), Parameter(ParameterSetName = InputObjectSet)]
    [ArgumentCompleter(typeof(ContainerCompleter)), SupportsWildcards, ValidateNotNullOrEmpty]
    public string[] Exclude { get; set; } = [];

    /// <summary>
    /// A tag for our own images: those that are built here or have both a pull and a push directive. Other images keep their tag
    /// from the crane file, unless their container is selected with -Name, without wildcards.
    /// </summary>
    [Parameter(ParameterSetName = PathSet), Parameter(ParameterSetName = LiteralPathSet), Parameter(ParameterSetName = InputObjectSet)]
    [ArgumentCompleter(typeof(TagCompleter)), ValidateNotNullOrEmpty]
    public string? Tag { get; set; }

    /// <summary>Also selects all dependencies: those in the crane file, and images named in Dockerfiles.</summary>
    [Parameter(ParameterSetName = PathSet), Parameter(ParameterSetName = LiteralPathSet), Parameter(ParameterSetName = InputObjectSet)]
    public SwitchParameter WithDependency { get; set; }

    /// <summary>Also selects all containers that depend on the selected ones.</summary>
    [Parameter(ParameterSetName = PathSet), Parameter(ParameterSetName = LiteralPathSet), Parameter(ParameterSetName = InputObjectSet)]
    public SwitchParameter WithDependent { get; set; }

    /// <summary>Finds an image in the crane files that were read; null if none was.</summary>
    internal Func<ImageName, DeclaredBase?>? Declared => _images.Count == 0
        ? null
        : name => _images.Select(images => images.FindBase(name)).FirstOrDefault(image => image is not null);

    /// <summary>Whether the last selection is all containers of its crane files, without errors.</summary>
    private protected bool IsWholeStack => _last is ({ } stack, { } selected) && selected.Errors.Count == 0
        && stack.ContainerNames(Files.Variables)
            .All(selected.Containers.Select(container => container.Name).ToHashSet(StringComparer.Ordinal).Contains);

    /// <summary>Whether containers are emitted, and need the images named in their Dockerfiles.</summary>
    private protected virtual bool EmitsContainers => false;

    /// <summary>Whether containers need to say how they are run.</summary>
    private protected virtual bool NeedsRun => EmitsContainers;

    /// <summary>Whether it has -FilePath.</summary>
    private protected virtual bool WritesFile => false;

    /// <summary>The parameters that select containers from crane files: for names, not for objects with values of their own.</summary>
    internal IEnumerable<string> SelectionParameters =>
    [
        nameof(Path), nameof(LiteralPath), nameof(Variable), nameof(EnvFile), nameof(NoEnvFile), nameof(Group), nameof(Exclude),
        nameof(Tag), nameof(WithDependency), nameof(WithDependent),
    ];

    /// <summary>Whether it takes rows of Get-CraneStatus themselves, and not their containers.</summary>
    internal virtual bool TakesStatus => false;

    /// <summary>The engines that images are moved or built in; null for a command without.</summary>
    internal virtual IReadOnlyList<EngineChoice>? Engines => null;

    /// <summary>The remotes that images are copied between; null for the places of each container.</summary>
    private protected virtual (string From, string To)? Route => null;

    private CraneFileInput Files => field ??= new(SessionState.Path, Variable, EnvFile, NoEnvFile, WriteWarning);

    private protected override void Finish() => Files.WarnAboutUnusedVariables();

    /// <summary>Returns the selected containers of the crane files, and writes the errors of the others.</summary>
    internal IReadOnlyList<CraneContainer> SelectContainers(string[]? names)
    {
        _last = null;
        var loaded = Files.Load(Path, LiteralPath);
        if (loaded != _reportedErrorsOf)
            WriteErrors(loaded.Errors);
        _reportedErrorsOf = loaded;
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
                Route = Route,
                WithDependency = WithDependency,
                WithDependent = WithDependent,
                BasesOf = build => [.. Adapters.Current.Dockerfiles.Read(build).Images.Select(image => image.Name)],
                WithBases = EmitsContainers,
                WithRun = NeedsRun,
            },
            Files.Variables);
        WriteErrors(selected.Errors.Select(error => MistakenName.Explain(error, SessionState.Path, WritesFile)));
        if (selected.Images is { } images)
            _images.Add(images);
        foreach (var container in selected.Containers)
            _firstFiles[container.Path!] = stack.FirstFile;
        _last = (stack, selected);
        return selected.Containers;
    }

    /// <summary>The remotes of -From and -To.</summary>
    /// <exception cref="CraneException">InvalidValue for one without the other.</exception>
    private protected static (string From, string To)? RouteOf(string? from, string? to) => (from, to) switch
    {
        (null, null) => null,
        ({ } source, { } target) => (source, target),
        _ => throw new CraneException(
            CraneErrorId.InvalidValue, $"{(from is null ? "-To" : "-From")} is given without {(from is null ? "-From" : "-To")}.",
            "Give both: the names of two remotes of the crane file."),
    };

    /// <summary>The lock file for a container or plan: beside the first of the crane files that were read with its own.</summary>
    internal string LockPath(string craneFile) => CraneLock.PathBeside(_firstFiles.GetValueOrDefault(craneFile, craneFile));

    internal void WarnIfAllAreSkipped(IEnumerable<RetagPlan> plans)
    {
        if (plans.Select(plan => plan.Status).Distinct().ToList() is [RetagStatus.Skipped])
            WriteWarning("Everything selected is skipped. See the Reason of each result.");
    }
}

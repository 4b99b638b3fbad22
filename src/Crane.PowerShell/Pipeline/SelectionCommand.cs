using System.Management.Automation;
using Crane.Completion;
using Crane.Configuration;
using Crane.Loading;

namespace Crane.Commands;

/// <summary>The cmdlets that select containers.</summary>
public abstract class SelectionCommand : StackCommand
{
    private CraneStackResult? _toldErrorsOf;

    /// <summary>Names of groups, whose containers are selected beside those of -Name.</summary>
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    [ArgumentCompleter(typeof(GroupCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Group { get; set; } = [];

    /// <summary>
    /// Names of containers or groups to leave out. They stay out as dependencies and dependents, too. A name that means
    /// nothing is an error, and nothing is selected.
    /// </summary>
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    [ArgumentCompleter(typeof(ContainerCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Exclude { get; set; } = [];

    /// <summary>
    /// A tag for the images that are ours: those that are built here, or have both a pull and a push directive. Images of others
    /// keep the tag that the crane file gives them, unless their container is named with -Name, without wildcards.
    /// </summary>
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    [ValidateNotNullOrEmpty]
    public string? Tag { get; set; }

    /// <summary>
    /// Also selects what the selected containers need, and what that needs in turn: what the crane file says, and images that
    /// their Dockerfiles name.
    /// </summary>
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    public SwitchParameter WithDependency { get; set; }

    /// <summary>Also selects what needs the selected containers, and what needs that in turn, likewise.</summary>
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    public SwitchParameter WithDependent { get; set; }

    private readonly List<DeclaredImages> _images = [];

    /// <summary>What an image is to the crane files that were read; null where none was.</summary>
    private protected Func<ImageName, DeclaredBase?>? Declared => _images.Count == 0
        ? null
        : name => _images.Select(images => images.FindBase(name)).FirstOrDefault(found => found is not null);

    /// <summary>Whether the containers leave this cmdlet, and have to carry what their Dockerfiles name.</summary>
    private protected virtual bool EmitsContainers => false;

    /// <summary>The selected containers of the crane files; what is wrong with the others is written here.</summary>
    private protected IReadOnlyList<CraneContainer> SelectContainers(string[]? names)
    {
        var loaded = LoadStack();
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
                BasesOf = BasesOf,
                WithBases = EmitsContainers,
            },
            Variables);
        WriteErrors(selected.Errors);
        if (selected.Images is { } images)
            _images.Add(images);
        return selected.Containers;
    }

    private static IReadOnlyList<string> BasesOf(ContainerBuild build) =>
        [.. Adapters.Current.Dockerfiles.Read(build).Images.Select(image => image.Name)];
}

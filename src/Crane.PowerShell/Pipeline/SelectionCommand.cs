using System.Management.Automation;
using Crane.Completion;
using Crane.Configuration;

namespace Crane.Commands;

/// <summary>The cmdlets that select containers.</summary>
public abstract class SelectionCommand : StackCommand
{
    /// <summary>Groups; wildcards allowed.</summary>
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    [ArgumentCompleter(typeof(GroupCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Group { get; set; } = [];

    /// <summary>Containers or groups to leave out; wildcards allowed.</summary>
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    [ArgumentCompleter(typeof(ContainerCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Exclude { get; set; } = [];

    /// <summary>Replaces the tag of the images that are built or retagged.</summary>
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    [ValidateNotNullOrEmpty]
    public string? Tag { get; set; }

    /// <summary>Also selects what the selected containers need.</summary>
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    public SwitchParameter WithDependency { get; set; }

    /// <summary>Also selects what needs the selected containers.</summary>
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    public SwitchParameter WithDependent { get; set; }

    /// <summary>The selected containers of the crane files; what is wrong with the others is written here.</summary>
    private protected IReadOnlyList<CraneContainer> SelectContainers(string[]? names)
    {
        var loaded = LoadStack();
        WriteErrors(loaded.Errors);
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
            },
            Variables);
        WriteErrors(selected.Errors);
        return selected.Containers;
    }
}

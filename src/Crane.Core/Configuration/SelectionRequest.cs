namespace Crane.Configuration;

/// <summary>Which containers of a stack.</summary>
internal sealed record SelectionRequest
{
    /// <summary>Names of containers or groups, or wildcard patterns over container names.</summary>
    public IReadOnlyList<string> Name { get; init; } = [];

    /// <summary>Names of groups, or wildcard patterns over them.</summary>
    public IReadOnlyList<string> Group { get; init; } = [];

    /// <summary>Names or patterns of containers, or names of groups, to leave out.</summary>
    public IReadOnlyList<string> Exclude { get; init; } = [];

    /// <summary>Also what the selected ones need.</summary>
    public bool WithDependency { get; init; }

    /// <summary>Also what needs the selected ones.</summary>
    public bool WithDependent { get; init; }

    /// <summary>
    /// Gives the names of the images that a build needs, so that what is built on what counts as a dependency; null where it
    /// does not.
    /// </summary>
    public Func<ContainerBuild, IReadOnlyList<string>>? BasesOf { get; init; }

    /// <summary>Replaces the tag of images that are ours; null keeps them.</summary>
    public string? Tag { get; init; }
}

/// <summary>The selected containers, expanded and in dependency order, and what was wrong with the others.</summary>
internal sealed record SelectionResult(IReadOnlyList<CraneContainer> Containers, IReadOnlyList<CraneException> Errors);

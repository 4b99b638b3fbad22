namespace Crane.CraneFile.Selecting;

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

    /// <summary>Gives the names of the images that a build needs, or throws a CraneException.</summary>
    public Func<ContainerBuild, IReadOnlyList<string>> BasesOf { get; init; } = _ => [];

    /// <summary>Whether each container says what its Dockerfile names: what leaves this process has to carry that.</summary>
    public bool WithBases { get; init; }

    /// <summary>Replaces the tag of images that are ours; null keeps them.</summary>
    public string? Tag { get; init; }
}

/// <summary>The selected containers, expanded and in dependency order, and what was wrong with the others.</summary>
/// <param name="Containers">The containers.</param>
/// <param name="Errors">What was wrong.</param>
internal sealed record SelectionResult(IReadOnlyList<CraneContainer> Containers, IReadOnlyList<CraneException> Errors)
{
    /// <summary>The images of the whole stack; null where nothing could be selected.</summary>
    public DeclaredImages? Images { get; init; }
}

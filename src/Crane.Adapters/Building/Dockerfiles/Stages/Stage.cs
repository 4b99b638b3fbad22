namespace Crane.Adapters.Building.Dockerfiles.Stages;

/// <summary>A stage as written: FROM and what follows it.</summary>
internal sealed record Stage
{
    /// <summary>What it is made from, its variables not expanded.</summary>
    public required string Base { get; init; }

    /// <summary>Its name in lower case; empty where it has none.</summary>
    public required string Name { get; init; }

    /// <summary>The value of <c>--platform</c>, its variables not expanded; empty where it has none.</summary>
    public required string Platform { get; init; }

    /// <summary>Line of its FROM.</summary>
    public required int Line { get; init; }

    /// <summary>The instructions that matter, in order.</summary>
    public IReadOnlyList<StageCommand> Commands { get; init; } = [];
}

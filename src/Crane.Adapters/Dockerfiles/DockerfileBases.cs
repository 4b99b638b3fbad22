namespace Crane.Adapters.Dockerfiles;

/// <summary>The images from outside that a Dockerfile builds on, each name once, in the order of the stages.</summary>
/// <param name="All">What its stages need, those included that the target leaves out.</param>
/// <param name="NeededForTarget">What the target needs, itself or through other stages.</param>
/// <param name="Parent">The image whose layers the target begins with; null for <c>scratch</c>.</param>
internal sealed record DockerfileBases(IReadOnlyList<BaseImage> All, IReadOnlyList<BaseImage> NeededForTarget, BaseImage? Parent)
{
    /// <summary>Nothing that is known.</summary>
    public static DockerfileBases Unknown { get; } = new([], [], null) { DownToTarget = [], References = [], NeededStages = [] };

    /// <summary>What the target and all stages above it need.</summary>
    public required IReadOnlyList<BaseImage> DownToTarget { get; init; }

    /// <summary>The same, each time that an instruction names one.</summary>
    public required IReadOnlyList<BaseImage> References { get; init; }

    /// <summary>The stages with a name that the target needs, itself among them.</summary>
    public required IReadOnlyList<Stage> NeededStages { get; init; }
}

/// <summary>An image from outside that a Dockerfile refers to.</summary>
/// <param name="Name">The image's name as written, with its variables expanded.</param>
/// <param name="Line">Line of the instruction that refers to it first, counted from 1.</param>
/// <param name="Instruction">That instruction: <c>FROM</c>, <c>COPY</c> or <c>RUN</c>.</param>
internal sealed record BaseImage(string Name, int Line, string Instruction);

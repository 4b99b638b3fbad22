namespace Crane.Adapters.Docker;

/// <summary>How long an engine is waited for.</summary>
internal sealed record EngineTimeouts
{
    /// <summary>The usual ones.</summary>
    public static EngineTimeouts Usual { get; } = new();

    /// <summary>Until it has answered what takes it no time: looking at an image, giving a name.</summary>
    public TimeSpan Answer { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Between two messages about a pull or a push. While it unpacks a layer or waits for a registry it may say nothing for
    /// minutes; one that has stopped says nothing ever.
    /// </summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>When the user is told of a wait that ends after that long.</summary>
    public static TimeSpan NoticeBefore(TimeSpan limit) => limit / 6;
}

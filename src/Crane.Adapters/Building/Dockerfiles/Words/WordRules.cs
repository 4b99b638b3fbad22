namespace Crane.Adapters.Building.Dockerfiles.Words;

/// <summary>How words are taken apart.</summary>
/// <param name="Escape">What makes the next character literal.</param>
internal sealed record WordRules(char Escape)
{
    /// <summary>Quotes stay in the words.</summary>
    public bool KeepQuotes { get; init; }

    /// <summary>Escape characters stay in the words.</summary>
    public bool KeepEscapes { get; init; }

    /// <summary>A variable that is not set stays as it is written, rather than to come out empty.</summary>
    public bool KeepUnset { get; init; }
}

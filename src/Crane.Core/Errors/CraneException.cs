namespace Crane;

/// <summary>
/// An error that a user can act on: what happened, where, and what to do. It is made where the facts are known
/// and becomes an ErrorRecord in one place of the module.
/// </summary>
public sealed class CraneException : Exception
{
    internal CraneException(CraneErrorId id, string message, string? advice = null, Exception? inner = null)
        : base(message, inner)
    {
        Id = id;
        RecommendedAction = advice;
    }

    /// <summary>What went wrong.</summary>
    public CraneErrorId Id { get; }

    /// <summary>What to do about it, as one or two sentences; null where there is nothing to advise.</summary>
    public string? RecommendedAction { get; }

    /// <summary>What the error is about: a container, a plan, a text. Null where only the location is known.</summary>
    public object? Target { get; internal init; }

    /// <summary>Where in a crane file or a Dockerfile, if it comes from one.</summary>
    public SourceLocation? Location { get; internal init; }

    /// <summary>Whether trying the same again soon may succeed.</summary>
    internal bool IsTransient { get; init; }

    /// <summary>The same error with a target, for the callers that know it; a target already there is kept.</summary>
    internal CraneException About(object target) => new(Id, Message, RecommendedAction, InnerException)
    {
        Target = Target ?? target,
        Location = Location,
        IsTransient = IsTransient,
    };

    /// <summary>The same error with its place in a file, which its message then begins with.</summary>
    internal CraneException At(SourceLocation location) => new(Id, $"{location}: {Message}", RecommendedAction, InnerException)
    {
        Target = Target,
        Location = location,
        IsTransient = IsTransient,
    };

    /// <summary>The same error, no longer transient: it has been tried often enough.</summary>
    internal CraneException Settled() => new(Id, Message, RecommendedAction, InnerException) { Target = Target, Location = Location };
}

using Crane.Errors;

namespace Crane;

/// <summary>
/// An error that a user can act on: what happened, where, and what to do. Its message may quote files, engines and registries, so control
/// characters are escaped in it, and very long messages are cut in the middle.
/// </summary>
public sealed class CraneException : Exception
{
    internal CraneException(CraneErrorId id, string message, string? advice = null, Exception? inner = null)
        : base(VisibleText.Message(message), inner)
    {
        Id = id;
        RecommendedAction = VisibleText.Message(advice);
    }

    // The message has been escaped and cut already.
    private CraneException(CraneException error, string message)
        : base(message, error.InnerException)
    {
        Id = error.Id;
        RecommendedAction = error.RecommendedAction;
        Subject = error.Subject;
        ContainerName = error.ContainerName;
        Location = error.Location;
        IsTransient = error.IsTransient;
    }

    /// <summary>What went wrong.</summary>
    public CraneErrorId Id { get; }

    /// <summary>What to do about it, as one or two sentences; null where there is nothing to advise.</summary>
    public string? RecommendedAction { get; }

    /// <summary>What the error is about: a container, a plan, a result, a path or a name. Null where only the location is known.</summary>
    public object? Subject { get; internal init; }

    /// <summary>The container of the crane file that the error keeps from being read; null for other errors.</summary>
    public string? ContainerName { get; internal init; }

    /// <summary>The location in a crane file or a Dockerfile; null for other errors.</summary>
    public SourceLocation? Location { get; internal init; }

    /// <summary>Whether a retry may succeed.</summary>
    internal bool IsTransient { get; init; }

    /// <summary>
    /// Whether an exception is a failure of the work, and not its cancellation. With <see cref="From"/> it keeps a failure of one
    /// container, plan, image or repository from affecting the others.
    /// </summary>
    internal static bool IsFailure(Exception exception, CancellationToken cancellation = default) =>
        exception is not OperationCanceledException || !cancellation.IsCancellationRequested;

    /// <summary>The failure itself if it is an error of ours, otherwise an Unexpected error.</summary>
    internal static CraneException From(Exception failure) => failure switch
    {
        CraneException error => error,
        AggregateException { InnerExceptions: [var only] } => From(only),
        _ => new(
            CraneErrorId.Unexpected, $"Unexpected {failure.GetType().FullName}: {failure.Message}",
            "This is a bug in Crane. Please report it, with this message and what Get-Error shows.",
            failure),
    };

    /// <summary>The same error with a subject. It replaces only a string by a plan or container.</summary>
    internal CraneException About(object subject) =>
        new(this, Message) { Subject = Subject is null || (Subject is string && subject is not string) ? subject : Subject };

    /// <summary>The same error about a container that cannot be read.</summary>
    internal CraneException OfContainer(string name) => new(this, Message) { ContainerName = name };

    /// <summary>The same error with its location, which its message then begins with.</summary>
    internal CraneException At(SourceLocation location) => new(this, VisibleText.Lines($"{location}: ") + Message) { Location = location };

    /// <summary>The same error with what it was found in, which its message then begins with.</summary>
    internal CraneException In(string owner) => new(this, VisibleText.Lines($"{owner}: ") + Message);

    /// <summary>The same error, no longer transient: all retries have failed.</summary>
    internal CraneException Settled() => new(this, Message) { IsTransient = false };
}

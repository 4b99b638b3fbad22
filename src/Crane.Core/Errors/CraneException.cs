using Crane.Errors;

namespace Crane;

/// <summary>
/// An error that a user can act on: what happened, where, and what to do. It is made where the facts are known
/// and becomes an ErrorRecord in one place of the module. Its words may be those of files, engines and registries:
/// what a terminal would obey is escaped in them, and what is very long is cut in the middle.
/// </summary>
public sealed class CraneException : Exception
{
    internal CraneException(CraneErrorId id, string message, string? advice = null, Exception? inner = null)
        : base(VisibleText.Message(message), inner)
    {
        Id = id;
        RecommendedAction = VisibleText.Message(advice);
    }

    // A message that is fit to be shown already is not cut again.
    private CraneException(CraneException error, string message)
        : base(message, error.InnerException)
    {
        Id = error.Id;
        RecommendedAction = error.RecommendedAction;
        Target = error.Target;
        Location = error.Location;
        IsTransient = error.IsTransient;
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

    /// <summary>
    /// Whether an exception is a failure of the work that it comes out of, and not the end that the work's token asked for.
    /// Together with <see cref="From"/> it is the net around the work on one container, plan, image or repository:
    /// whatever fails for one fails for that one only.
    /// </summary>
    internal static bool IsFailure(Exception exception, CancellationToken cancellation = default) =>
        exception is not OperationCanceledException || !cancellation.IsCancellationRequested;

    /// <summary>A failure as an error of ours: the one that it is, or Unexpected for what nobody foresaw.</summary>
    internal static CraneException From(Exception failure) => failure switch
    {
        CraneException error => error,
        AggregateException { InnerExceptions: [var only] } => From(only),
        _ => new(
            CraneErrorId.Unexpected,
            $"Unexpected {failure.GetType().FullName}: {failure.Message}",
            "This is a fault of Crane. Please report it, with this message and what Get-Error shows.",
            failure),
    };

    /// <summary>
    /// The same error with a target, for the callers that know it; a target already there is kept, but for a text, such as a
    /// path, where the caller knows the plan or container.
    /// </summary>
    internal CraneException About(object target) =>
        new(this, Message) { Target = Target is null || (Target is string && target is not string) ? target : Target };

    /// <summary>The same error with its place in a file, which its message then begins with.</summary>
    internal CraneException At(SourceLocation location) =>
        new(this, VisibleText.Lines($"{location}: ") + Message) { Location = location };

    /// <summary>The same error with what it is found in, which its message then begins with.</summary>
    internal CraneException In(string owner) => new(this, VisibleText.Lines($"{owner}: ") + Message);

    /// <summary>The same error, no longer transient: it has been tried often enough.</summary>
    internal CraneException Settled() => new(this, Message) { IsTransient = false };
}

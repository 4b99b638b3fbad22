namespace Crane;

/// <summary>An error in a crane file, emitted by <c>Test-CraneFile</c>.</summary>
public sealed record CraneFileIssue
{
    private CraneFileIssue() { }

    /// <summary>The error id, the same as in a cmdlet's error.</summary>
    public string ErrorId { get; private init; } = "";

    /// <summary>Full path of the file; null if there is none.</summary>
    public string? Path { get; private init; }

    /// <summary>Line, counted from 1; 0 if unknown.</summary>
    public int Line { get; private init; }

    /// <summary>Column, counted from 1; 0 if unknown.</summary>
    public int Column { get; private init; }

    /// <summary>The container; null if the error concerns the whole file.</summary>
    public string? Container { get; private init; }

    /// <summary>What is wrong.</summary>
    public string Message { get; private init; } = "";

    /// <summary>What to do about it.</summary>
    public string? RecommendedAction { get; private init; }

    /// <summary>The whole line, without its line break.</summary>
    public string? LineText { get; private init; }

    // A wrong value is the same issue for a pull, a push and a copy.
    internal object Identity => Line == 0 ? this : (ErrorId, Container, Path, Line, Column);

    /// <summary>The message, including the location.</summary>
    public override string ToString() => Message;

    internal static CraneFileIssue Of(CraneException error)
    {
        var (container, path, line) = error.Subject switch
        {
            CraneContainer subject => (subject.Name, subject.Path, subject.Line),
            RetagPlan plan => (plan.Container, plan.Path, plan.Line),
            var subject => (error.ContainerName, subject as string, 0),
        };
        return new CraneFileIssue
        {
            ErrorId = error.Id.ToString(),
            Path = error.Location?.File ?? path,
            Line = error.Location?.Line ?? line,
            Column = error.Location?.Column ?? 0,
            Container = container,
            Message = error.Message,
            RecommendedAction = error.RecommendedAction,
            LineText = error.Location?.LineText,
        };
    }
}

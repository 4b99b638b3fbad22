using Crane.Errors;

namespace Crane.Annotations;

/// <summary>An error to be shown at its place by a build server.</summary>
/// <param name="Id">The error id.</param>
/// <param name="Message">What is wrong; it may quote anything from outside.</param>
internal sealed record Annotation(string Id, string Message)
{
    /// <summary>What is wrong, with control characters other than line breaks escaped.</summary>
    public string Message { get; } = VisibleText.Message(Message);

    /// <summary>The file, as a path below the repository's root where it is there; null for none.</summary>
    public string? File { get; init; }

    /// <summary>The line, from 1; 0 if unknown.</summary>
    public int Line { get; init; }

    /// <summary>The column, from 1; 0 if unknown.</summary>
    public int Column { get; init; }
}

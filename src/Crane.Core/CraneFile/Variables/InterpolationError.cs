namespace Crane.CraneFile.Variables;

/// <summary>Why a text could not be expanded.</summary>
internal abstract record InterpolationError
{
    private InterpolationError()
    {
    }

    /// <summary>A <c>${…}</c> that the Compose specification does not define.</summary>
    /// <param name="Text">The part that is wrong.</param>
    /// <param name="Reason">What is wrong with it, as the end of a sentence.</param>
    internal sealed record Invalid(string Text, string Reason) : InterpolationError;

    /// <summary>A variable that is not set and has no default.</summary>
    internal sealed record Undefined(string Variable) : InterpolationError;

    /// <summary>A variable that <c>?</c> or <c>:?</c> demands, with the file's own message.</summary>
    internal sealed record Required(string Variable, string Message) : InterpolationError;

    /// <summary>A variable that is set but empty, where nothing in its form allows that.</summary>
    /// <param name="Variable">The variable.</param>
    /// <param name="Consequence">What follows where that is allowed, as a sentence; null where there is nothing to say.</param>
    internal sealed record Empty(string Variable, string? Consequence) : InterpolationError;

    /// <summary>The error that a user sees.</summary>
    /// <param name="place">What was being expanded, such as <c>`image` of container `web`</c>.</param>
    /// <param name="location">Where it stands.</param>
    public CraneException ToException(string place, SourceLocation location) => (this switch
    {
        Invalid invalid => new CraneException(
            CraneErrorId.InvalidInterpolation,
            $"{place} has '{invalid.Text}', {invalid.Reason}.",
            "Variables are written $NAME, ${NAME}, ${NAME:-default}, ${NAME-default}, ${NAME:?message}, ${NAME?message}, "
            + "${NAME:+value} or ${NAME+value}; $$ is a dollar."),
        Required required => new CraneException(
            CraneErrorId.UndefinedVariable,
            required.Message.Length > 0
                ? $"{place} requires the variable {required.Variable}: {required.Message}"
                : $"{place} requires the variable {required.Variable}, which is not set or is empty.",
            $"Set {required.Variable} in the environment or give it with -Variable."),
        Undefined undefined => new CraneException(
            CraneErrorId.UndefinedVariable,
            $"{place} uses the variable {undefined.Variable}, which is not set.",
            $"Set {undefined.Variable} in the environment or give it with -Variable; "
            + $"write ${{{undefined.Variable}:-}} to allow it to be empty."),
        Empty empty => new CraneException(
            CraneErrorId.EmptyVariable,
            $"{place} uses the variable {empty.Variable}, which is set but empty.",
            $"Give {empty.Variable} a value in the environment or with -Variable; "
            + $"write ${{{empty.Variable}:-}} to allow it to be empty. {empty.Consequence}".TrimEnd()),
        _ => throw new System.Diagnostics.UnreachableException(),
    }).At(location);
}

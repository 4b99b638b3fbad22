namespace Crane.CraneFile.Variables;

/// <summary>Why a string could not be expanded.</summary>
internal abstract record InterpolationError
{
    private InterpolationError() { }

    /// <summary>A <c>${…}</c> that the Compose specification does not define.</summary>
    /// <param name="Text">The invalid part.</param>
    /// <param name="Reason">What is wrong with it, as the end of a sentence.</param>
    internal sealed record Invalid(string Text, string Reason) : InterpolationError;

    /// <summary>A variable that is not set and has no default.</summary>
    /// <param name="Files">The files in which it was looked for.</param>
    internal sealed record Undefined(string Variable, IReadOnlyList<string> Files) : InterpolationError;

    /// <summary>A variable that <c>?</c> or <c>:?</c> requires, with the file's own message.</summary>
    /// <param name="Files">The files in which it was looked for.</param>
    internal sealed record Required(string Variable, string Message, IReadOnlyList<string> Files) : InterpolationError;

    /// <summary>A variable that is set but empty, and whose form does not allow that.</summary>
    /// <param name="Consequence">What would happen without a value, as a sentence; null for nothing to say.</param>
    internal sealed record Empty(string Variable, string? Consequence) : InterpolationError;

    /// <summary>The exception; <paramref name="owner"/> is what was being expanded, such as <c>`image` of container `web`</c>.</summary>
    public CraneException ToException(string owner, SourceLocation location) => (this switch
    {
        Invalid invalid => new CraneException(
            CraneErrorId.InvalidInterpolation, $"{owner} has '{invalid.Text}', {invalid.Reason}.",
            "Variables are written $NAME, ${NAME}, ${NAME:-default}, ${NAME-default}, ${NAME:?message}, ${NAME?message}, "
            + "${NAME:+value} or ${NAME+value}; $$ is a dollar."),
        Required required => new CraneException(
            CraneErrorId.UndefinedVariable,
            required.Message.Length > 0
                ? $"{owner} requires the variable {required.Variable}: {required.Message}"
                : $"{owner} requires the variable {required.Variable}, which is not set or is empty.",
            $"{Set(required.Variable, required.Files)}."),
        Undefined undefined => new CraneException(
            CraneErrorId.UndefinedVariable, $"{owner} uses the variable {undefined.Variable}, which is not set.",
            $"{Set(undefined.Variable, undefined.Files)}; "
            + $"write ${{{undefined.Variable}:-}} to allow it to be empty."),
        Empty empty => new CraneException(
            CraneErrorId.EmptyVariable, $"{owner} uses the variable {empty.Variable}, which is set but empty.",
            $"Give {empty.Variable} a value in the environment or with -Variable; "
            + $"write ${{{empty.Variable}:-}} to allow it to be empty. {empty.Consequence}".TrimEnd()),
        _ => throw new System.Diagnostics.UnreachableException(),
    }).At(location);

    private static string Set(string variable, IReadOnlyList<string> files) => files is []
        ? $"Set {variable} in the environment or pass it with -Variable"
        : $"Set {variable} in the environment or in {string.Join(" or ", files.Select(file => $"'{file}'"))}, or pass it with -Variable";
}

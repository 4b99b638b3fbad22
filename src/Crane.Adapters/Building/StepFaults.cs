namespace Crane.Adapters.Building;

/// <summary>The error of a build whose step failed: where, which, why, and what it printed at last.</summary>
internal static class StepFaults
{
    private const int LongestTailLine = 300;

    /// <param name="target">What was to be built.</param>
    /// <param name="location">The step's place in the Dockerfile; null where that is not known.</param>
    /// <param name="what">The step and what is wrong, in the builder's words.</param>
    /// <param name="tail">The last lines that the step printed.</param>
    public static CraneException Failed(ImageName target, SourceLocation? location, string what, IEnumerable<string> tail)
    {
        var place = location is null ? "" : $"{location}: ";
        var output = string.Concat(tail.Select(line => $"\n  {Cut(line)}"));
        return new CraneException(
            CraneErrorId.BuildFailed, $"{place}'{target}' could not be built: {what}{output}",
            "Correct that step of the Dockerfile, or what it needs; -Verbose shows all that the build says.")
        {
            Location = location,
        };
    }

    private static string Cut(string line) => line.Length > LongestTailLine ? $"{line[..LongestTailLine]}…" : line;
}

using Crane.Adapters.Credentials;
using Crane.Adapters.Engine;

namespace Crane.Adapters.Building;

/// <summary>The errors of every builder.</summary>
internal static class BuildErrors
{
    private const int LongestTailLine = 300;

    /// <summary>A step failed: where, which, why, and what it printed at last.</summary>
    /// <param name="target">What was to be built.</param>
    /// <param name="location">Where the step is in the Dockerfile; null where that is not known.</param>
    /// <param name="what">The step and what is wrong, in the builder's words.</param>
    /// <param name="tail">The last lines that the step printed.</param>
    public static CraneException Step(ImageName target, SourceLocation? location, string what, IEnumerable<string> tail)
    {
        var where = location is null ? "" : $"{location}: ";
        var output = string.Concat(tail.Select(line => $"\n  {Cut(line)}"));
        return new CraneException(
            CraneErrorId.BuildFailed, $"{where}'{target}' could not be built: {what}{output}",
            "Correct that step of the Dockerfile, or what it needs; -Verbose shows all that the build says.")
        {
            Location = location,
        };
    }

    private static string Cut(string line) => line.Length > LongestTailLine ? $"{line[..LongestTailLine]}…" : line;

    /// <summary>What went wrong with the image that an instruction refers to; null where it is not about a registry.</summary>
    public static CraneException? Base(ImageName image, string words, RegistryCredentials credentials) => KindOf(words) switch
    {
        { Kind: RegistryFailureKind.NotFound or RegistryFailureKind.NotLocal } => BaseNotFound(image, words),
        { Kind: RegistryFailureKind.Unauthorized or RegistryFailureKind.Unreachable or RegistryFailureKind.Limited } error =>
            credentials.Explain(ImageErrors.Registry(image, error, words), image.Registry),
        _ => null,
    };

    /// <summary>The image exists nowhere.</summary>
    public static CraneException BaseNotFound(ImageName image, string words) => new(
        CraneErrorId.ImageNotFound, $"the image '{image}' is neither here nor in {image.Registry}: {words}",
        "Check its name and tag. If a container of the crane file has that image, build or pull that one first.");

    /// <summary>
    /// Registries refuse an image that does not exist, so as not to tell what does. Unless it is the credentials that they
    /// speak of, that is the likelier reason for a base.
    /// </summary>
    private static RegistryFailure KindOf(string words)
    {
        string[] aboutCredentials = ["no basic auth", "unauthorized", "authentication required", "incorrect username"];
        return Says(words, "pull access denied") && !aboutCredentials.Any(phrase => Says(words, phrase))
            ? new(RegistryFailureKind.NotFound)
            : RegistryFailure.Read(0, words);
    }

    private static bool Says(string words, string phrase) => words.Contains(phrase, StringComparison.OrdinalIgnoreCase);
}

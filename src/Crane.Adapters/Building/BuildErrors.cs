using Crane.Adapters.Credentials;
using Crane.Adapters.Engine;

namespace Crane.Adapters.Building;

/// <summary>The errors of every builder.</summary>
internal static class BuildErrors
{
    private const int MaxTailLine = 300;

    /// <summary>A step failed: where, which, why, and its last output.</summary>
    public static CraneException Step(ImageName target, SourceLocation? location, string what, IEnumerable<string> tail)
    {
        var where = location is null ? "" : $"{location}: ";
        var output = string.Concat(tail.Select(line => $"\n  {Cut(line)}"));
        return new CraneException(
            CraneErrorId.BuildFailed, $"{where}'{target}' could not be built: {what}{output}",
            "Correct that step of the Dockerfile, or what it needs; -Verbose shows all output of the build.")
        {
            Location = location,
        };
    }

    private static string Cut(string line) => line.Length > MaxTailLine ? $"{line[..MaxTailLine]}…" : line;

    /// <summary>The error of an image that an instruction refers to; null where it is not about a registry.</summary>
    public static CraneException? Base(ImageName image, string words, RegistryCredentials credentials) => KindOf(words) switch
    {
        { Kind: RegistryFailureKind.NotFound or RegistryFailureKind.NotLocal } => BaseNotFound(image, words),
        { Kind: RegistryFailureKind.Unauthorized or RegistryFailureKind.Unreachable or RegistryFailureKind.Limited } error =>
            credentials.Explain(ImageErrors.Registry(image, error, words), image.Registry),
        _ => null,
    };

    public static CraneException BaseNotFound(ImageName image, string words) => new(
        CraneErrorId.ImageNotFound, $"the image '{image}' exists neither locally nor in {image.Registry}: {words}",
        "Check its name and tag. If it is the image of a container in the crane file, build or pull that one first.");

    // Registries deny access to an image that does not exist, so as not to reveal which do. Unless they mention credentials, that is
    // the likelier reason for a base.
    private static RegistryFailure KindOf(string words)
    {
        string[] aboutCredentials = ["no basic auth", "unauthorized", "authentication required", "incorrect username"];
        return Says(words, "pull access denied") && !aboutCredentials.Any(phrase => Says(words, phrase))
            ? new(RegistryFailureKind.NotFound)
            : RegistryFailure.Read(0, words);
    }

    private static bool Says(string words, string phrase) => words.Contains(phrase, StringComparison.OrdinalIgnoreCase);
}

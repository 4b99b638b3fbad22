using Crane.Adapters.Docker;

namespace Crane.Adapters.Building;

/// <summary>The errors of the engine's own builder, in words about the Dockerfile.</summary>
internal static class EngineBuildFaults
{
    private const int LongestTailLine = 300;

    /// <summary>The engine says that a build failed.</summary>
    /// <param name="target">What was to be built.</param>
    /// <param name="source">What it was to be built from.</param>
    /// <param name="log">What the engine said before.</param>
    /// <param name="words">What it says now.</param>
    public static CraneException Failed(ImageName target, EngineSource source, EngineBuildLog log, string words)
    {
        var step = log.Step;
        var location = step is null ? null : source.Dockerfile?.Locate(step);
        if (NeedsBuildKit(words))
            return EngineLimits.NeedsBuildKit(location, $"this: {words.TrimEnd('.')}");
        if (location is not null && source.Dockerfile?.ImageOf(step!) is { } image && OfBase(image, words) is { } fault)
            return At(location, fault);

        var place = location is null ? "" : $"{location}: ";
        var what = step is null ? words : $"{step.Line}: {words}";
        var output = string.Concat(log.Tail.Select(line => $"\n  {Cut(source.Mask(line))}"));
        return new CraneException(
            CraneErrorId.BuildFailed, $"{place}'{target}' could not be built: {what}{output}",
            "Correct that step of the Dockerfile, or what it needs; -Verbose shows all that the build says.")
        {
            Location = location,
        };
    }

    /// <summary>The build ended well but made nothing.</summary>
    public static CraneException NoImage(ImageName target) => new(
        CraneErrorId.BuildFailed, $"'{target}' could not be built: the engine did not say which image it made.",
        "Look at the engine's own log.");

    /// <summary>The image was removed before it had a name.</summary>
    public static CraneException Gone(ImageName target) => new(
        CraneErrorId.BuildFailed, $"'{target}' was built, but removed before it could be named.",
        "Build again when nothing prunes images of this engine.");

    /// <summary>What went wrong with the image that an instruction refers to; null where it is not about a registry.</summary>
    private static CraneException? OfBase(ImageName image, string words) => KindOf(words) switch
    {
        { Kind: RegistryFaultKind.NotFound or RegistryFaultKind.NotLocal } => new(
            CraneErrorId.ImageNotFound, $"the image '{image}' is neither here nor in {image.Registry}: {words}",
            "Check its name and tag. If a container of the crane file has that image, build or pull that one first."),
        { Kind: RegistryFaultKind.Unauthorized or RegistryFaultKind.Unreachable } fault =>
            ImageFaults.Registry(image, fault, words),
        _ => null,
    };

    /// <summary>
    /// Registries refuse an image that does not exist, so as not to tell what does. Unless it is the credentials that they
    /// speak of, that is the likelier reason for a base.
    /// </summary>
    private static RegistryFault KindOf(string words)
    {
        string[] aboutCredentials = ["no basic auth", "unauthorized", "authentication required", "incorrect username"];
        return Says(words, "pull access denied") && !aboutCredentials.Any(phrase => Says(words, phrase))
            ? new(RegistryFaultKind.NotFound)
            : RegistryFault.Read(0, words);
    }

    // A base for $BUILDPLATFORM has an empty one here: only BuildKit sets such arguments.
    private static bool NeedsBuildKit(string words) =>
        Says(words, "requires BuildKit") || Says(words, "failed to parse platform : \"\"");

    private static bool Says(string words, string phrase) => words.Contains(phrase, StringComparison.OrdinalIgnoreCase);

    private static CraneException At(SourceLocation location, CraneException fault) =>
        new(fault.Id, $"{location}: {fault.Message}", fault.RecommendedAction, fault.InnerException)
        {
            Location = location,
            IsTransient = fault.IsTransient,
        };

    private static string Cut(string line) => line.Length > LongestTailLine ? $"{line[..LongestTailLine]}…" : line;
}

using Crane.Adapters.Credentials;

namespace Crane.Adapters.Building;

/// <summary>The errors of the engine's own builder, in words about the Dockerfile.</summary>
internal static class EngineBuildErrors
{
    /// <summary>The engine says that a build failed.</summary>
    /// <param name="target">What was to be built.</param>
    /// <param name="source">What it was to be built from.</param>
    /// <param name="log">What the engine said before.</param>
    /// <param name="words">What it says now.</param>
    /// <param name="credentials">What registries were shown.</param>
    public static CraneException Failed(
        ImageName target, EngineSource source, EngineBuildLog log, string words, RegistryCredentials credentials)
    {
        var step = log.Step;
        var location = step is null ? null : source.Dockerfile?.Locate(step);
        if (NeedsBuildKit(words))
            return EngineLimits.NeedsBuildKit(location, $"this: {words.TrimEnd('.')}");
        if (location is not null && source.Dockerfile?.ImageOf(step!) is { } image && BuildErrors.Base(image, words, credentials) is { } error)
            return error.At(location);

        return BuildErrors.Step(target, location, step is null ? words : $"{step.Line}: {words}", log.Tail.Select(source.Mask));
    }

    /// <summary>The build ended well but made nothing.</summary>
    public static CraneException NoImage(ImageName target) => new(
        CraneErrorId.BuildFailed, $"'{target}' could not be built: the engine did not report the image it built.",
        "See the engine's log.");

    /// <summary>The image was removed before it had a name.</summary>
    public static CraneException Gone(ImageName target) => new(
        CraneErrorId.BuildFailed, $"'{target}' was built, but removed before it could be tagged.",
        "Build again when nothing prunes images of this engine.");

    // A base for $BUILDPLATFORM has an empty one here. We only see that before where we see the Dockerfile.
    private static bool NeedsBuildKit(string words) =>
        Says(words, "requires BuildKit") || Says(words, "failed to parse platform : \"\"");

    private static bool Says(string words, string phrase) => words.Contains(phrase, StringComparison.OrdinalIgnoreCase);
}

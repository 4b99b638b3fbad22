using Crane.Adapters.Credentials;

namespace Crane.Adapters.Building;

/// <summary>The errors of the engine's own builder.</summary>
internal static class EngineBuildErrors
{
    public static CraneException Failed(
        ImageName target, EngineSource source, EngineBuildLog log, string words, RegistryCredentials credentials)
    {
        var step = log.Step;
        var location = step is null ? null : source.Dockerfile?.Locate(step);
        if (NeedsBuildKit(words))
            return EngineLimits.NeedsBuildKit(location, $"this: {words.TrimEnd('.')}");
        if (location is not null && source.Dockerfile?.ImageOf(step!) is { } image
            && BuildErrors.Base(image, words, credentials) is { } error)
            return error.At(location);

        return BuildErrors.Step(target, location, step is null ? words : $"{step.Line}: {words}", log.Tail.Select(source.Mask));
    }

    public static CraneException NoImage(ImageName target) => new(
        CraneErrorId.BuildFailed, $"'{target}' could not be built: the engine did not report the image it built.",
        "See the engine's log.");

    public static CraneException Gone(ImageName target) => new(
        CraneErrorId.BuildFailed, $"'{target}' was built, but removed before it could be tagged.",
        "Build again when nothing prunes images of this engine.");

    // The platform of a base for $BUILDPLATFORM is empty here. It is found earlier where the Dockerfile can be read.
    private static bool NeedsBuildKit(string words) =>
        Says(words, "requires BuildKit") || Says(words, "failed to parse platform : \"\"");

    private static bool Says(string words, string phrase) => words.Contains(phrase, StringComparison.OrdinalIgnoreCase);
}

namespace Crane.Adapters.Building.Dockerfiles.Stages;

/// <summary>
/// The variables that BuildKit defines for FROM without any ARG
/// (https://docs.docker.com/reference/dockerfile/#automatic-platform-args-in-the-global-scope). A build argument of the
/// same name beats them.
/// </summary>
internal static class PredefinedVariables
{
    /// <summary>Their names.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. For(new DockerfileOptions(), "").Keys];

    /// <param name="options">The platforms, and the build arguments.</param>
    /// <param name="target">The name of the stage that is built; empty where it has none.</param>
    /// <exception cref="CraneException">InvalidValue where an option is no platform.</exception>
    public static IReadOnlyDictionary<string, string> For(DockerfileOptions options, string target)
    {
        var build = PlatformOf(options.BuildPlatform) ?? Platform.OfThisMachine;
        var variables = Of("BUILD", build).Concat(Of("TARGET", PlatformOf(options.TargetPlatform) ?? build))
            .Append(new("TARGETSTAGE", target.Length > 0 ? target : "default"));
        return variables.ToDictionary(
            variable => variable.Key, variable => options.BuildArguments.GetValueOrDefault(variable.Key, variable.Value));
    }

    private static IEnumerable<KeyValuePair<string, string>> Of(string prefix, Platform platform) =>
    [
        new($"{prefix}PLATFORM", platform.ToString()),
        new($"{prefix}OS", platform.Os),
        new($"{prefix}OSVERSION", ""),
        new($"{prefix}ARCH", platform.Architecture),
        new($"{prefix}VARIANT", platform.Variant),
    ];

    private static Platform? PlatformOf(string? text)
    {
        try
        {
            return string.IsNullOrEmpty(text) ? null : Platform.Parse(text);
        }
        catch (DockerfileFault fault)
        {
            throw new CraneException(CraneErrorId.InvalidValue, $"{fault.Message}.", fault.Advice) { Target = text };
        }
    }
}

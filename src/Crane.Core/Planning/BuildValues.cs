using Crane.Oci;

namespace Crane.Planning;

/// <summary>Checks what every builder refuses, so that it is an error before anything is built.</summary>
internal static class BuildValues
{
    private const string Platform = "Write OS/ARCHITECTURE, such as linux/arm64.";

    /// <exception cref="CraneException">InvalidValue, at the value.</exception>
    public static void Check(CraneContainer container, ContainerBuild build)
    {
        Each("build-arg", build.Argument, HasName, "has no name", "Write NAME=value, or NAME for the value of a variable.");
        Each("label", build.Label, HasName, "has no name", "Write NAME=value.");
        Each("platform", build.Platform, text => ImagePlatform.TryParseSpecifier(text, out _), "is not a platform", Platform);
        Each("add-host", build.AddHost, text => text.AsSpan().IndexOfAny(":=") > 0, "is not HOST:ADDRESS", "Write HOST:ADDRESS.");
        Each("build-context", build.BuildContext, HasValue, "is not NAME=value", "Write NAME=FOLDER or NAME=ADDRESS.");
        Each("secret", build.Secret, HasValue, "does not say where it is", "Write id=NAME,env=VARIABLE or id=NAME,src=FILE.");

        void Each(string key, IReadOnlyList<string>? values, Func<string, bool> isValid, string problem, string advice)
        {
            if ((values ?? []).FirstOrDefault(value => !isValid(value)) is { } bad)
                throw Error(container, $"build.{key}", bad, problem, advice);
        }
    }

    /// <summary>Checks the platform of a pull.</summary>
    /// <exception cref="CraneException">InvalidValue, at the value.</exception>
    public static void CheckPlatform(CraneContainer container)
    {
        if (container.Platform is { } platform && !ImagePlatform.TryParse(platform, out _))
            throw Error(container, "platform", platform, "is not a platform", Platform);
    }

    private static bool HasName(string assignment) => assignment is not ['=', ..];

    private static bool HasValue(string assignment) => assignment.IndexOf('=', StringComparison.Ordinal) > 0;

    private static CraneException Error(CraneContainer container, string key, string value, string problem, string advice)
    {
        // The platform of a container is that of its build, too.
        var written = key == "build.platform" && container.Origin.Find("platform")?.Text == value ? "platform" : key;
        return container.Locate(new CraneException(CraneErrorId.InvalidValue, $"'{value}' {problem}.", advice), written, value);
    }
}

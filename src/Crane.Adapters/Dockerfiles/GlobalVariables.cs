using Crane.Errors;
using Crane.Oci;

namespace Crane.Adapters.Dockerfiles;

/// <summary>
/// The variables for FROM: those that BuildKit defines, and those of the ARGs before the first FROM, but not those that a stage
/// sets with ARG or ENV.
/// </summary>
internal sealed class GlobalVariables
{
    private readonly DockerfileSource _source;
    private readonly WordRules _rules;
    private readonly ExpansionBudget _budget = new();
    private readonly Dictionary<string, string> _values;

    /// <param name="source">The Dockerfile, for errors.</param>
    /// <param name="escape">Its escape character.</param>
    /// <param name="predefined">The variables of BuildKit.</param>
    /// <param name="arguments">The ARGs before the first FROM.</param>
    /// <param name="buildArguments">The build arguments, which override every default.</param>
    /// <exception cref="CraneException">BuildFailed for a default that cannot be expanded.</exception>
    public GlobalVariables(
        DockerfileSource source, char escape, IReadOnlyDictionary<string, string> predefined,
        IReadOnlyList<GlobalArgument> arguments, IReadOnlyDictionary<string, string> buildArguments)
    {
        _source = source;
        _rules = new(escape);
        _values = new(predefined);
        foreach (var argument in arguments)
        {
            // Without a default, it keeps an earlier value.
            if (buildArguments.TryGetValue(argument.Name, out var value))
                _values[argument.Name] = value;
            else if (argument.Default is not null)
                _values[argument.Name] = Expand(argument.Default, argument.Line);
        }
    }

    public string? Find(string name) => _values.GetValueOrDefault(name);

    /// <summary>Removes quotes and expands variables in a part of a line; unset variables are empty.</summary>
    /// <exception cref="CraneException">BuildFailed for an unclosed quote or brace and similar errors.</exception>
    public string Expand(string text, int line) =>
        _source.At(line, () => WordReader.Expand(text, _rules, _values.GetValueOrDefault, _budget));
}

/// <summary>An ARG before the first FROM.</summary>
/// <param name="Default">Its default, with variables not expanded; null for none.</param>
/// <param name="Name">Its name.</param>
/// <param name="Line">Its line.</param>
internal sealed record GlobalArgument(string Name, string? Default, int Line);

/// <summary>
/// The variables that BuildKit defines for FROM without any ARG
/// (https://docs.docker.com/reference/dockerfile/#automatic-platform-args-in-the-global-scope). A build argument of the
/// same name overrides them.
/// </summary>
internal static class PredefinedVariables
{
    public static IReadOnlyList<string> Names { get; } = [.. For(new DockerfileOptions(), "").Keys];

    /// <param name="options">The platforms, and the build arguments.</param>
    /// <param name="target">The name of the target stage; empty where it has none.</param>
    /// <exception cref="CraneException">InvalidValue for an invalid platform.</exception>
    public static IReadOnlyDictionary<string, string> For(DockerfileOptions options, string target)
    {
        var build = Given(options.BuildPlatform) ?? ImagePlatform.OfThisMachine;
        var variables = Of("BUILD", build).Concat(Of("TARGET", Given(options.TargetPlatform) ?? build))
            .Append(new("TARGETSTAGE", target.Length > 0 ? target : "default"));
        return variables.ToDictionary(
            variable => variable.Key, variable => options.BuildArguments.GetValueOrDefault(variable.Key, variable.Value));
    }

    /// <exception cref="DockerfileError">Not a platform.</exception>
    public static ImagePlatform ParsePlatform(string text) => ImagePlatform.TryParseSpecifier(text, out var platform) ? platform
        : throw new DockerfileError(
            $"invalid platform {VisibleText.Quote(text)}", "Write it as os/arch or os/arch/variant, such as linux/arm64 or linux/arm/v7.");

    private static IEnumerable<KeyValuePair<string, string>> Of(string prefix, ImagePlatform platform) =>
    [
        new($"{prefix}PLATFORM", platform.ToString()),
        new($"{prefix}OS", platform.Os),
        new($"{prefix}OSVERSION", ""),
        new($"{prefix}ARCH", platform.Architecture),
        new($"{prefix}VARIANT", platform.Variant ?? ""),
    ];

    private static ImagePlatform? Given(string? text)
    {
        try
        {
            return string.IsNullOrEmpty(text) ? null : ParsePlatform(text);
        }
        catch (DockerfileError error)
        {
            throw new CraneException(CraneErrorId.InvalidValue, $"{error.Message}.", error.Advice) { Subject = text };
        }
    }
}

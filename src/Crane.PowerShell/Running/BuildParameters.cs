using Crane.Building;
using Crane.CraneFile.Model;
using Crane.Input;

namespace Crane.Running;

/// <summary>How the images of a run are built: the parameters that the cmdlets that build have in common.</summary>
internal interface IBuildParameters
{
    string? Engine { get; }
    SwitchParameter NoCache { get; }
    SwitchParameter Pull { get; }
    object[] BuildArgument { get; }
    string? Target { get; }
    string? Network { get; }
    BuilderKind Builder { get; }
    string? BuilderName { get; }
    string[] Platform { get; }
}

internal static class BuildParameters
{
    /// <summary>What this run says in place of the crane file.</summary>
    /// <exception cref="CraneException">InvalidValue.</exception>
    public static BuildOverride Override(this IBuildParameters parameters) => new()
    {
        Argument = [.. parameters.BuildArgument.SelectMany(Arguments)],
        Target = parameters.Target,
        Network = parameters.Network,
        Platform = parameters.Platform,
    };

    /// <summary>Refuses a builder's name together with the builder that has none.</summary>
    /// <exception cref="CraneException">InvalidValue.</exception>
    public static void CheckBuilder(this IBuildParameters parameters)
    {
        if (parameters is { BuilderName: not null, Builder: BuilderKind.Engine })
        {
            throw new CraneException(
                CraneErrorId.SettingConflict, $"-BuilderName '{parameters.BuilderName}' is for Buildx, and -Builder is Engine.",
                "Leave out one of the two.");
        }
    }

    // As docker has them: NAME=value, or NAME.
    private static IEnumerable<string> Arguments(object item) => PlainValues.Of(item) switch
    {
        string argument => [Named(argument, argument.Split('=')[0])],
        PlainMap map => map.Entries.Select(entry => Named($"{entry.Key}={Value(entry.Key, entry.Value)}", entry.Key)),
        var other => throw Invalid($"has {PlainMap.KindOf(other)}"),
    };

    private static string Value(string name, object? value) => value as string ?? throw Invalid(value is null
        ? $"has no value for {name}; '{name}' as a string means that of the environment"
        : $"has {PlainMap.KindOf(value)} for {name}");

    private static string Named(string argument, string name) => IsName(name) ? argument : throw Invalid($"has '{argument}'");

    private static bool IsName(string name) =>
        name.Length > 0 && !char.IsAsciiDigit(name[0]) && !name.Any(letter => letter is '=' || char.IsWhiteSpace(letter));

    private static CraneException Invalid(string problem) => new(
        CraneErrorId.InvalidValue, $"-BuildArgument {problem}.", "Write @{ NAME = 'value' }, 'NAME=value' or 'NAME'.");
}

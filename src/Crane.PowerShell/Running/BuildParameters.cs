using Crane.Building;
using Crane.Commands.Base;
using Crane.CraneFile.Model;
using Crane.Input;

namespace Crane.Running;

/// <summary>What the parameters of a cmdlet that builds mean.</summary>
internal static class BuildParameters
{
    /// <summary>Returns the parameters that override the crane file.</summary>
    /// <exception cref="CraneException">InvalidValue.</exception>
    public static BuildOverride Override(this BuildCommand command) => new()
    {
        Argument = [.. command.BuildArgument.SelectMany(Arguments)],
        Target = command.Target,
        Network = command.Network,
        Platform = command.Platform,
    };

    /// <summary>Refuses -BuilderName together with -Builder Engine.</summary>
    /// <exception cref="CraneException">InvalidValue.</exception>
    public static void CheckBuilder(this BuildCommand command)
    {
        if (command is { BuilderName: not null, Builder: BuilderKind.Engine })
            throw new CraneException(
                CraneErrorId.SettingConflict, $"-BuilderName '{command.BuilderName}' is for Buildx, but -Builder is Engine.",
                "Remove one of the two parameters.");
    }

    // In docker's form: NAME=value or NAME.
    private static IEnumerable<string> Arguments(object item) => PlainValues.Of(item) switch
    {
        string argument => [CheckName(argument, argument.Split('=')[0])],
        PlainMap map => map.Entries.Select(entry => CheckName($"{entry.Key}={Value(entry.Key, entry.Value)}", entry.Key)),
        var other => throw Invalid($"has {PlainMap.KindOf(other)}"),
    };

    private static string Value(string name, object? value) => value as string ?? throw Invalid(value is null
        ? $"has no value for {name}; the string '{name}' would take it from the environment"
        : $"has {PlainMap.KindOf(value)} for {name}");

    private static string CheckName(string argument, string name) =>
        name.Length > 0 && !char.IsAsciiDigit(name[0]) && !name.Any(letter => letter is '=' || char.IsWhiteSpace(letter))
            ? argument
            : throw Invalid($"has '{argument}'");

    private static CraneException Invalid(string problem) => new(
        CraneErrorId.InvalidValue, $"-BuildArgument {problem}.", "Write @{ NAME = 'value' }, 'NAME=value' or 'NAME'.");
}

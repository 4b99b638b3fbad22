using System.Text;
using Crane.Errors;

namespace Crane.Adapters.Dockerfiles;

/// <summary>Groups instructions into stages.</summary>
internal static class StageReader
{
    /// <exception cref="CraneException">BuildFailed for an instruction that BuildKit would refuse, or without a stage.</exception>
    public static IReadOnlyList<Stage> Read(
        DockerfileSource source, IReadOnlyList<Instruction> instructions, out IReadOnlyList<GlobalArgument> arguments)
    {
        var stages = new List<(Stage Stage, List<StageCommand> Commands)>();
        var globals = new List<GlobalArgument>();
        foreach (var instruction in instructions)
        {
            source.At(instruction.Line, () =>
            {
                if (instruction.Keyword == "FROM")
                    stages.Add((From(instruction), []));
                else if (stages.Count > 0)
                    stages[^1].Commands.AddRange(Commands(instruction));
                else
                    globals.AddRange(Globals(instruction));
            });
        }

        arguments = globals;
        return stages.Count > 0
            ? [.. stages.Select(entry => entry.Stage with { Commands = entry.Commands })]
            : throw source.Error(1, "the Dockerfile has no FROM", "Begin with FROM IMAGE, or FROM scratch.");
    }

    /// <summary>What an instruction may need from other stages or images: one command, or none.</summary>
    /// <exception cref="DockerfileError">An instruction that BuildKit would refuse.</exception>
    public static IEnumerable<StageCommand> Commands(Instruction instruction)
    {
        var flags = InstructionRules.Check(instruction);
        switch (instruction.Keyword)
        {
            case "COPY" when flags.Value("from") is { Length: > 0 } from:
                return [new CopyFrom(instruction.Line, from)];
            case "RUN" when flags.Values("mount") is { Count: > 0 } mounts:
                return [new RunWithMounts(instruction.Line, [.. mounts.Select(RunMount.Read)])];
            case "ONBUILD":
                return [new OnBuild(instruction.Line, TriggerText(instruction))];
            default:
                return [];
        }
    }

    public static IEnumerable<GlobalArgument> Arguments(Instruction instruction) =>
        instruction.Arguments.Values.Select(argument => argument.Split('=', 2))
            .Select(parts => new GlobalArgument(parts[0], parts.Length > 1 ? parts[1] : null, instruction.Line));

    private static Stage From(Instruction instruction)
    {
        var flags = InstructionRules.Check(instruction);
        var arguments = instruction.Arguments.Values;
        if (arguments.Count > 1 && !arguments[1].Equals("AS", StringComparison.OrdinalIgnoreCase))
            throw new DockerfileError($"expected 'AS' instead of {VisibleText.Quote(arguments[1])}");
        var name = arguments.Count > 1 ? arguments[2].ToLowerInvariant() : "";
        return name.Length == 0 || IsName(name)
            ? new() { Base = arguments[0], Name = name, Platform = flags.Value("platform"), Line = instruction.Line }
            : throw new DockerfileError(
                $"invalid stage name {VisibleText.Quote(arguments[2])}",
                "Names begin with a letter, followed by letters, digits, '-', '_' and '.'.");
    }

    private static IEnumerable<GlobalArgument> Globals(Instruction instruction)
    {
        InstructionRules.Check(instruction);
        return instruction.Keyword == "ARG"
            ? Arguments(instruction)
            : throw new DockerfileError($"{instruction.Keyword} before the first FROM", "Only ARG is allowed there.");
    }

    // As in a separate Dockerfile.
    private static string TriggerText(Instruction instruction)
    {
        var text = new StringBuilder(instruction.Text.TrimStart()["ONBUILD".Length..].TrimStart());
        foreach (var heredoc in instruction.Heredocs)
            text.Append('\n').Append(heredoc.Content).Append(heredoc.Name);
        return text.ToString();
    }

    private static bool IsName(string name) => char.IsAsciiLetterLower(name[0]) && name.All(IsNameCharacter);

    private static bool IsNameCharacter(char character) =>
        char.IsAsciiLetterLower(character) || char.IsAsciiDigit(character) || character is '-' or '_' or '.';
}

/// <summary>A stage as written: FROM and what follows it.</summary>
internal sealed record Stage
{
    /// <summary>Its base, with variables not expanded.</summary>
    public required string Base { get; init; }

    /// <summary>Its name in lower case; empty where it has none.</summary>
    public required string Name { get; init; }

    /// <summary>The value of <c>--platform</c>, with variables not expanded; empty where it has none.</summary>
    public required string Platform { get; init; }

    public required int Line { get; init; }

    /// <summary>The instructions that matter, in order.</summary>
    public IReadOnlyList<StageCommand> Commands { get; init; } = [];
}

/// <summary>An instruction of a stage that may need another stage or an image.</summary>
internal abstract record StageCommand(int Line);

/// <summary><c>COPY --from</c>.</summary>
internal sealed record CopyFrom(int Line, string From) : StageCommand(Line);

/// <summary><c>RUN --mount</c>.</summary>
internal sealed record RunWithMounts(int Line, IReadOnlyList<RunMount> Mounts) : StageCommand(Line);

/// <summary><c>ONBUILD</c>: an instruction that runs in the stages based on this one.</summary>
internal sealed record OnBuild(int Line, string Text) : StageCommand(Line);

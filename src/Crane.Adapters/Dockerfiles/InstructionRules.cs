using Crane.Errors;

namespace Crane.Adapters.Dockerfiles;

/// <summary>The checks of BuildKit for each instruction, before it reads the stages.</summary>
internal static class InstructionRules
{
    private static readonly string[] Keywords =
    [
        "ADD", "ARG", "CMD", "COPY", "ENTRYPOINT", "ENV", "EXPOSE", "FROM", "HEALTHCHECK", "LABEL", "MAINTAINER", "ONBUILD",
        "RUN", "SHELL", "STOPSIGNAL", "USER", "VOLUME", "WORKDIR",
    ];

    public static bool IsKnown(Instruction instruction) => Keywords.Contains(instruction.Keyword);

    /// <summary>The instructions without those that a frontend may add, and without its flags.</summary>
    public static IReadOnlyList<Instruction> Known(DockerfileSource source, IReadOnlyList<Instruction> instructions) =>
        source.Frontend is null ? instructions : [.. instructions.Where(IsKnown).Select(instruction => instruction with
        {
            Flags = [.. instruction.Flags.Where(flag => InstructionFlags.IsKnown(instruction.Keyword, flag))],
        })];

    /// <summary>Checks an instruction.</summary>
    /// <returns>Its flags.</returns>
    /// <exception cref="DockerfileError">An unknown instruction or flag, or too few or too many arguments.</exception>
    public static InstructionFlags Check(Instruction instruction)
    {
        if (!IsKnown(instruction))
            throw new DockerfileError($"unknown instruction {VisibleText.Quote(instruction.Keyword)}", Advice(instruction.Keyword));
        CheckArguments(instruction.Keyword, instruction.Arguments);
        var flags = new InstructionFlags(instruction.Keyword, IgnoresFlags(instruction) ? [] : instruction.Flags);
        CheckChoice(flags, "network", ["default", "none", "host"]);
        CheckChoice(flags, "security", ["sandbox", "insecure"]);
        return flags;
    }

    private static void CheckArguments(string keyword, InstructionArguments arguments)
    {
        var values = arguments.Values;
        var problem = (keyword, values) switch
        {
            ("COPY" or "ADD", { Count: < 2 }) => "requires a source and a destination",
            ("COPY" or "ADD", _) when HeredocMarker.IsMarker(values[^1]) => "cannot have a heredoc as its destination",
            ("FROM", { Count: not 1 and not 3 }) => "requires an image, optionally followed by AS and a name",
            (not "FROM" and not "RUN" and not "CMD" and not "ENTRYPOINT", []) => "requires an argument",
            ("SHELL", _) when !arguments.IsJson => "requires a JSON array, such as [\"bash\", \"-c\"]",
            ("ARG", _) when values.Any(value => value is ['=', ..]) => "has a blank name",
            ("ENV" or "LABEL", _) when values.Any(value => value.Length == 0) => "has a blank name",
            ("VOLUME", _) when values.Any(string.IsNullOrWhiteSpace) => "has a blank path",
            ("HEALTHCHECK", [var type, ..]) => HealthCheckProblem(type.ToUpperInvariant(), values.Count - 1),
            _ => null,
        };
        if (problem is not null)
            throw new DockerfileError($"{keyword} {problem}");
    }

    private static string? HealthCheckProblem(string type, int arguments) => (type, arguments) switch
    {
        ("NONE", > 0) => "NONE takes no arguments",
        ("CMD", 0) => "CMD requires a command",
        ("NONE" or "CMD", _) => null,
        _ => $"must be CMD or NONE, not {VisibleText.Quote(type)}",
    };

    private static void CheckChoice(InstructionFlags flags, string name, string[] choices)
    {
        if (flags.Values(name) is [var value] && !choices.Contains(value))
        {
            throw new DockerfileError(
                $"the flag '--{name}' cannot be {VisibleText.Quote(value)}", $"Use one of {string.Join(", ", choices)}.");
        }
    }

    private static bool IgnoresFlags(Instruction instruction) => instruction.Keyword is "ARG" or "STOPSIGNAL"
        || (instruction.Keyword == "HEALTHCHECK"
            && instruction.Arguments.Values[0].Equals("NONE", StringComparison.OrdinalIgnoreCase));

    private static string Advice(string keyword) => NearMatch.Among(Keywords, keyword) is [var near, ..]
        ? $"Did you mean {near}?"
        : $"Instructions are {string.Join(", ", Keywords)}.";
}

using Crane.Errors;

namespace Crane.Adapters.Dockerfiles;

/// <summary>What BuildKit wants of each instruction before it looks at any stage.</summary>
internal static class InstructionRules
{
    private static readonly string[] _keywords =
    [
        "ADD", "ARG", "CMD", "COPY", "ENTRYPOINT", "ENV", "EXPOSE", "FROM", "HEALTHCHECK", "LABEL", "MAINTAINER", "ONBUILD",
        "RUN", "SHELL", "STOPSIGNAL", "USER", "VOLUME", "WORKDIR",
    ];

    /// <summary>Whether there is such an instruction.</summary>
    public static bool IsKnown(Instruction instruction) => _keywords.Contains(instruction.Keyword);

    /// <summary>The instructions without what a frontend may add: instructions and flags of its own.</summary>
    public static IReadOnlyList<Instruction> Known(DockerfileSource source, IReadOnlyList<Instruction> instructions) =>
        source.Frontend is null ? instructions : [.. instructions.Where(IsKnown).Select(instruction => instruction with
        {
            Flags = [.. instruction.Flags.Where(flag => InstructionFlags.IsKnown(instruction.Keyword, flag))],
        })];

    /// <summary>Checks an instruction.</summary>
    /// <returns>Its flags.</returns>
    /// <exception cref="DockerfileError">
    /// An unknown instruction, too few or too many arguments, a flag it does not have.
    /// </exception>
    public static InstructionFlags Check(Instruction instruction)
    {
        if (!IsKnown(instruction))
            throw new DockerfileError($"{VisibleText.Quote(instruction.Keyword)} is no instruction", Advice(instruction.Keyword));
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
            ("COPY" or "ADD", { Count: < 2 }) => "needs a source and a destination",
            ("COPY" or "ADD", _) when HeredocMarker.IsMarker(values[^1]) => "has a heredoc as its destination",
            ("FROM", { Count: not 1 and not 3 }) => "takes an image, and AS and a name behind it, and nothing else",
            (not "FROM" and not "RUN" and not "CMD" and not "ENTRYPOINT", []) => "needs an argument",
            ("SHELL", _) when !arguments.IsJson => "needs a JSON array, as in [\"bash\", \"-c\"]",
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
        ("CMD", 0) => "CMD needs a command",
        ("NONE" or "CMD", _) => null,
        _ => $"is CMD or NONE, not {VisibleText.Quote(type)}",
    };

    private static void CheckChoice(InstructionFlags flags, string name, string[] choices)
    {
        if (flags.Texts(name) is [var value] && !choices.Contains(value))
        {
            throw new DockerfileError(
                $"the flag '--{name}' cannot be {VisibleText.Quote(value)}", $"It is one of {string.Join(", ", choices)}.");
        }
    }

    private static bool IgnoresFlags(Instruction instruction) => instruction.Keyword is "ARG" or "STOPSIGNAL"
        || (instruction.Keyword == "HEALTHCHECK"
            && instruction.Arguments.Values[0].Equals("NONE", StringComparison.OrdinalIgnoreCase));

    private static string Advice(string keyword) => NearMatch.Among(_keywords, keyword) is [var near, ..]
        ? $"Did you mean {near}?"
        : $"An instruction is one of {string.Join(", ", _keywords)}.";
}

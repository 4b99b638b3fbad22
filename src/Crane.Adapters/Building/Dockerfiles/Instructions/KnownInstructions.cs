namespace Crane.Adapters.Building.Dockerfiles.Instructions;

/// <summary>What is known of a Dockerfile whose frontend may know more: instructions and flags of its own are passed over.</summary>
internal static class KnownInstructions
{
    public static IReadOnlyList<Instruction> Of(DockerfileSource source, IReadOnlyList<Instruction> instructions) =>
        source.Frontend is null ? instructions : [.. instructions.Where(InstructionRules.IsKnown).Select(WithKnownFlags)];

    private static Instruction WithKnownFlags(Instruction instruction) => instruction with
    {
        Flags = [.. instruction.Flags.Where(flag => InstructionFlags.IsKnown(instruction.Keyword, flag))],
    };
}

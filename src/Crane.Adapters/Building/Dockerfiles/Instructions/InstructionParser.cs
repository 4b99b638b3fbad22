namespace Crane.Adapters.Building.Dockerfiles.Instructions;

/// <summary>Takes the text of an instruction apart. Whether it makes sense is not asked here.</summary>
internal static class InstructionParser
{
    /// <param name="text">The instruction, its lines joined.</param>
    /// <param name="line">Its first line.</param>
    /// <param name="escape">The escape character.</param>
    /// <exception cref="DockerfileFault">Arguments that cannot be taken apart.</exception>
    public static Instruction Parse(string text, int line, char escape)
    {
        var (keyword, rest) = InstructionArguments.Cut(text.Trim());
        var known = keyword.ToUpperInvariant();
        var flags = FlagWords.Take(rest, escape, out var arguments);
        var trigger = known == "ONBUILD" && arguments.Length > 0 ? ParseTrigger(arguments, line, escape) : null;
        return new()
        {
            Keyword = known,
            Flags = flags,
            Arguments = trigger is null ? InstructionArguments.Read(known, arguments, escape) : new([trigger.Keyword]),
            Text = text,
            Line = line,
            Trigger = trigger,
        };
    }

    private static Instruction ParseTrigger(string text, int line, char escape)
    {
        var keyword = InstructionArguments.Cut(text).First.ToUpperInvariant();
        return keyword is "ONBUILD" or "FROM" or "MAINTAINER"
            ? throw new DockerfileFault($"ONBUILD cannot hold {keyword}")
            : Parse(text, line, escape);
    }
}

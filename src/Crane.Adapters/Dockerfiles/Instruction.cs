namespace Crane.Adapters.Dockerfiles;

/// <summary>One instruction, its lines joined.</summary>
internal sealed record Instruction
{
    /// <summary>The keyword in upper case; whatever stands in its place where it is none.</summary>
    public required string Keyword { get; init; }

    /// <summary>What begins with <c>--</c> between the keyword and the arguments.</summary>
    public required IReadOnlyList<string> Flags { get; init; }

    public required InstructionArguments Arguments { get; init; }

    public required string Text { get; init; }

    /// <summary>Its first line, counted from 1.</summary>
    public required int Line { get; init; }

    /// <summary>Its last line, without the heredocs that follow it.</summary>
    public int LastLine { get; init; }

    public IReadOnlyList<Heredoc> Heredocs { get; init; } = [];

    /// <summary>The instruction that an ONBUILD holds.</summary>
    public Instruction? Trigger { get; init; }

    /// <summary>Whether <c>&lt;&lt;</c> begins a heredoc here.</summary>
    public bool TakesHeredocs => Trigger?.TakesHeredocs ?? (Keyword is "RUN" or "COPY" or "ADD" && !Arguments.IsJson);

    /// <summary>Takes an instruction apart. Whether it makes sense is not asked here.</summary>
    /// <exception cref="DockerfileError">Arguments that cannot be taken apart.</exception>
    public static Instruction Parse(string text, int line, char escape)
    {
        var (keyword, rest) = InstructionArguments.Cut(text.Trim());
        var known = keyword.ToUpperInvariant();
        var flags = InstructionFlags.TakeWords(rest, escape, out var arguments);
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
            ? throw new DockerfileError($"ONBUILD cannot hold {keyword}")
            : Parse(text, line, escape);
    }
}

/// <summary>A heredoc of an instruction.</summary>
/// <param name="Name">What ends it.</param>
/// <param name="Content">Its lines with their line breaks.</param>
internal sealed record Heredoc(string Name, string Content);

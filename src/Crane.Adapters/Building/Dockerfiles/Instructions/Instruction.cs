namespace Crane.Adapters.Building.Dockerfiles.Instructions;

/// <summary>One instruction, its lines joined.</summary>
internal sealed record Instruction
{
    /// <summary>The keyword in upper case; whatever stands in its place where it is none.</summary>
    public required string Keyword { get; init; }

    /// <summary>What begins with <c>--</c> between the keyword and the arguments.</summary>
    public required IReadOnlyList<string> Flags { get; init; }

    public required InstructionArguments Arguments { get; init; }

    /// <summary>The whole instruction as written.</summary>
    public required string Text { get; init; }

    /// <summary>Its first line, counted from 1.</summary>
    public required int Line { get; init; }

    /// <summary>Its last line, without the heredocs that follow it.</summary>
    public int LastLine { get; init; }

    /// <summary>The heredocs that follow it.</summary>
    public IReadOnlyList<Heredoc> Heredocs { get; init; } = [];

    /// <summary>The instruction that an ONBUILD holds.</summary>
    public Instruction? Trigger { get; init; }

    /// <summary>Whether <c>&lt;&lt;</c> begins a heredoc here.</summary>
    public bool TakesHeredocs => Trigger?.TakesHeredocs ?? (Keyword is "RUN" or "COPY" or "ADD" && !Arguments.IsJson);
}

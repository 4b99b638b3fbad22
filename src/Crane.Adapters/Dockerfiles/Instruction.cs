namespace Crane.Adapters.Dockerfiles;

/// <summary>One instruction, its lines joined.</summary>
internal sealed record Instruction
{
    /// <summary>The keyword in upper case; it may be unknown.</summary>
    public required string Keyword { get; init; }

    /// <summary>The words with <c>--</c> between the keyword and the arguments.</summary>
    public required IReadOnlyList<string> Flags { get; init; }

    public required InstructionArguments Arguments { get; init; }

    public required string Text { get; init; }

    /// <summary>Its first line, counted from 1.</summary>
    public required int Line { get; init; }

    /// <summary>Its last line, without the heredocs that follow it.</summary>
    public int LastLine { get; init; }

    public IReadOnlyList<Heredoc> Heredocs { get; init; } = [];

    /// <summary>The instruction in an ONBUILD.</summary>
    public Instruction? Trigger { get; init; }

    /// <summary>Whether <c>&lt;&lt;</c> begins a heredoc here.</summary>
    public bool TakesHeredocs => Trigger?.TakesHeredocs ?? (Keyword is "RUN" or "COPY" or "ADD" && !Arguments.IsJson);

    /// <summary>Parses an instruction, without validating it.</summary>
    /// <exception cref="DockerfileError">Arguments that cannot be parsed.</exception>
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
            ? throw new DockerfileError($"ONBUILD cannot contain {keyword}")
            : Parse(text, line, escape);
    }
}

/// <summary>A heredoc of an instruction, with its lines and their line breaks.</summary>
internal sealed record Heredoc(string Name, string Content);

/// <summary>A <c>&lt;&lt;NAME</c> in an instruction, followed by lines up to <c>NAME</c>.</summary>
/// <param name="Name">The word that ends the heredoc.</param>
/// <param name="SkipsTabs">Whether tabs before that word are skipped, as with <c>&lt;&lt;-</c>.</param>
internal sealed record HeredocMarker(string Name, bool SkipsTabs)
{
    private const string Sign = "<<";

    // Independent of the escape directive.
    private static readonly WordRules Rules = new('\\') { KeepUnset = true };
    private static readonly WordRules RawRules = Rules with { KeepQuotes = true, KeepEscapes = true };

    /// <summary>The markers of an instruction, in order.</summary>
    /// <exception cref="DockerfileError">A marker with an invalid name.</exception>
    public static IReadOnlyList<HeredocMarker> In(string text) => text.Contains(Sign, StringComparison.Ordinal)
        ? [.. Words(text).Select(Read).OfType<HeredocMarker>()]
        : [];

    /// <summary>Whether a word is a marker.</summary>
    public static bool IsMarker(string word)
    {
        try
        {
            return Read(word) is not null;
        }
        catch (DockerfileError)
        {
            return false;
        }
    }

    // What cannot be split into words, such as a single apostrophe, has no heredocs either.
    private static IReadOnlyList<string> Words(string text)
    {
        try
        {
            return WordReader.Split(text, RawRules);
        }
        catch (DockerfileError)
        {
            return [];
        }
    }

    // A marker is a word of its own, with an optional number of a file descriptor: 3<<-NAME.
    private static HeredocMarker? Read(string word)
    {
        var text = word.AsSpan().TrimStart("0123456789");
        if (!text.StartsWith(Sign))
            return null;
        text = text[Sign.Length..];
        var skipsTabs = text is ['-', ..];
        var name = text[(skipsTabs ? 1 : 0)..].TrimStart("\t\n\f\r ");
        return !name.IsEmpty && !name.Contains('<') && WordReader.Split(name.ToString(), Rules) is [var only]
            ? new(only, skipsTabs)
            : null;
    }
}

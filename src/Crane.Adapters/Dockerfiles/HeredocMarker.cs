namespace Crane.Adapters.Dockerfiles;

/// <summary>A <c>&lt;&lt;NAME</c> in an instruction, which says that lines up to <c>NAME</c> follow.</summary>
/// <param name="Name">What ends the heredoc.</param>
/// <param name="SkipsTabs">Whether tabs before the name at its end are skipped, as <c>&lt;&lt;-</c> says.</param>
internal sealed record HeredocMarker(string Name, bool SkipsTabs)
{
    private const string Sign = "<<";

    // Whatever the escape directive says.
    private static readonly WordRules _rules = new('\\') { KeepUnset = true };
    private static readonly WordRules _rawRules = _rules with { KeepQuotes = true, KeepEscapes = true };

    /// <summary>The markers of an instruction, in order.</summary>
    /// <exception cref="DockerfileError">A marker whose name cannot be read.</exception>
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

    // What is no text of words, such as an apostrophe alone, has no heredocs either.
    private static IReadOnlyList<string> Words(string text)
    {
        try
        {
            return WordReader.Split(text, _rawRules);
        }
        catch (DockerfileError)
        {
            return [];
        }
    }

    // A marker is a word of its own but for the number of a file descriptor before it: 3<<-NAME.
    private static HeredocMarker? Read(string word)
    {
        var text = word.AsSpan().TrimStart("0123456789");
        if (!text.StartsWith(Sign))
            return null;
        text = text[Sign.Length..];
        var skipsTabs = text is ['-', ..];
        var name = text[(skipsTabs ? 1 : 0)..].TrimStart("\t\n\f\r ");
        return !name.IsEmpty && !name.Contains('<') && WordReader.Split(name.ToString(), _rules) is [var only]
            ? new(only, skipsTabs)
            : null;
    }
}

using System.Collections;
using System.Management.Automation.Language;

namespace Crane.Completion;

/// <summary>
/// Completes words that are read from files. Completion must not break or delay the prompt, so words that are not available
/// within the time limit are not offered.
/// </summary>
public abstract class WordCompleter : IArgumentCompleter
{
    private protected WordCompleter() { }

    private static readonly TimeSpan TimeLimit = TimeSpan.FromMilliseconds(150);

    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        var words = ReadWords(WordSource(fakeBoundParameters ?? new Hashtable()));
        var pattern = WildcardPattern.Get((wordToComplete ?? "").Trim('\'', '"', '@') + "*", WildcardOptions.IgnoreCase);
        return words.Where(pattern.IsMatch).Select(word =>
            new CompletionResult(Text(word), word, CompletionResultType.ParameterValue, word)).ToList();
    }

    /// <summary>Returns a function that reads the words. It runs on another thread than this method.</summary>
    private protected abstract Func<IReadOnlyList<string>> WordSource(IDictionary boundParameters);

    private static IReadOnlyList<string> ReadWords(Func<IReadOnlyList<string>> source)
    {
        var reading = Task.Run(source);
        return Task.WhenAny(reading, Task.Delay(TimeLimit)).GetAwaiter().GetResult() == reading && reading.IsCompletedSuccessfully
            ? reading.GetAwaiter().GetResult()
            : [];
    }

    /// <summary>Returns what a word is in the command line: the word, in quotes where it needs them.</summary>
    private protected virtual string Text(string word) => word.All(c => char.IsLetterOrDigit(c) || c is '-' or '_' or '.' or '/' or ':')
        ? word
        : $"'{CodeGeneration.EscapeSingleQuotedStringContent(word)}'";
}

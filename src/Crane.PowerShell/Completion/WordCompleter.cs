using System.Collections;
using System.Management.Automation.Language;

namespace Crane.Completion;

/// <summary>
/// Completes words that a file or the disk knows. A prompt must never be broken or held up by it: what cannot be
/// had within the budget is not offered.
/// </summary>
public abstract class WordCompleter : IArgumentCompleter
{
    private protected WordCompleter() { }

    private static readonly TimeSpan Budget = TimeSpan.FromMilliseconds(150);

    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        var words = Offer(Source(fakeBoundParameters ?? new Hashtable()));
        var pattern = WildcardPattern.Get((wordToComplete ?? "").Trim('\'', '"') + "*", WildcardOptions.IgnoreCase);
        return words.Where(pattern.IsMatch).Select(word =>
            new CompletionResult(Quote(word), word, CompletionResultType.ParameterValue, word)).ToList();
    }

    /// <summary>What gives the words. Called on the pipeline's thread; what it returns runs on another one.</summary>
    private protected abstract Func<IReadOnlyList<string>> Source(IDictionary boundParameters);

    private static IReadOnlyList<string> Offer(Func<IReadOnlyList<string>> source)
    {
        var looking = Task.Run(source);
        return Task.WhenAny(looking, Task.Delay(Budget)).GetAwaiter().GetResult() == looking && looking.IsCompletedSuccessfully
            ? looking.GetAwaiter().GetResult()
            : [];
    }

    private static string Quote(string word) => word.All(c => char.IsLetterOrDigit(c) || c is '-' or '_' or '.' or '/')
        ? word
        : $"'{CodeGeneration.EscapeSingleQuotedStringContent(word)}'";
}

using Crane.CraneFile.Nodes;
using Crane.CraneFile.Schema;
using YamlDotNet.Core.Events;
using YamlDotNet.Core;

namespace Crane.Adapters.Yaml;

/// <summary>
/// Reads YAML, and JSON as a subset of it, into the tree of a crane file. Works on the parser's events: a serializer would
/// lose locations, resolve merge keys wrongly, and cost most of the start-up time.
/// </summary>
internal static class YamlDocument
{
    /// <summary>Reads a file of one document.</summary>
    /// <exception cref="CraneException">
    /// CraneFileInvalid where it is not YAML, has several documents or expands too far; DuplicateKey and InvalidValue for an
    /// invalid merge key.
    /// </exception>
    public static ConfigDocument Read(SourceFile file)
    {
        var events = new YamlEvents(file);
        events.Advance();
        events.Advance();
        if (events.Current is not DocumentStart)
            return new ConfigDocument(file, new ScalarNode(file, 1, 1, "", isPlain: true), []);
        events.Advance();
        var builder = new NodeBuilder(file, events);
        var root = builder.ReadRoot();
        events.Advance();
        if (events.Current is DocumentStart second)
        {
            var location = file.Locate((int)second.Start.Line, (int)second.Start.Column);
            throw new CraneException(
                CraneErrorId.CraneFileInvalid,
                $"{location}: a second YAML document begins here; a crane file must be one document.",
                "Put each document in its own file and name all of them: they merge.")
            { Location = location };
        }

        return new ConfigDocument(file, root, builder.MapsWithDuplicates);
    }
}

/// <summary>The parser's events of one file, with its exceptions as errors of ours.</summary>
internal sealed class YamlEvents(SourceFile file)
{
    private readonly Parser _parser = new(new StringReader(file.Text));

    /// <summary>The current event; none before the first <see cref="Advance"/>.</summary>
    public ParsingEvent Current => _parser.Current!;

    /// <exception cref="CraneException">CraneFileInvalid for invalid YAML.</exception>
    public void Advance()
    {
        try
        {
            _parser.MoveNext();
        }
        catch (YamlException exception)
        {
            throw Unreadable(exception);
        }
        catch (InvalidOperationException exception)
        {
            // The parser reports a flow collection that is not closed ("[a" before the next key) as an error of its own state.
            var mark = _parser.Current?.End ?? new Mark(0, 1, 1);
            throw Unreadable(Locate(mark), "unexpected content after this", "Check that every bracket and brace is closed.", exception);
        }
    }

    // The parser reports a tab where the mapping begins that it breaks, which may be many lines above; only its message mentions the tab.
    private CraneException Unreadable(YamlException exception)
    {
        var reported = Locate(exception.Start);
        return exception.Message.Contains("tab ", StringComparison.Ordinal) && FirstTabIndentedFrom(reported.Line) is { } tab
            ? Unreadable(tab, "a tab indents this line", "Indent with spaces.", exception)
            : Unreadable(reported, exception.Message.TrimEnd('.'), Advice(reported), exception);
    }

    private bool IsJson => file.Path.EndsWith(".json", StringComparison.OrdinalIgnoreCase);

    // In `{ registry: ${NAME} }` the variable's brace opens another map.
    private string Advice(SourceLocation location) => IsJson ? "Check commas, quotes and braces; JSON has no comments."
        : location.LineText.Contains("${", StringComparison.Ordinal)
        ? "Between braces or brackets, put a value with a variable in quotes: { registry: \"${NAME}\" }."
        : "Check the indentation of this line and of those above it, and quote a value with ': ' or ' #' in it.";

    private CraneException Unreadable(SourceLocation location, string problem, string advice, Exception exception) =>
        ForeignFileDetector.Template(file, location) ?? new CraneException(
            CraneErrorId.CraneFileInvalid, $"{location}: invalid {(IsJson ? "JSON" : "YAML")}: {problem}.", advice, exception)
        { Location = location };

    private SourceLocation Locate(Mark mark) => file.Locate(Math.Max(1, (int)mark.Line), Math.Max(1, (int)mark.Column));

    private SourceLocation? FirstTabIndentedFrom(int line) => Enumerable.Range(line, Math.Max(0, file.LineCount - line + 1))
        .Select(candidate => file.Locate(candidate, 1))
        .FirstOrDefault(candidate => candidate.LineText.TrimStart(' ').StartsWith('\t'));
}

using Crane.CraneFile.Nodes;
using Crane.CraneFile.Schema;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Crane.Adapters.Yaml;

/// <summary>The parser's events of one file, with its errors made ours.</summary>
internal sealed class YamlEvents(SourceFile file)
{
    private readonly Parser _parser = new(new StringReader(file.Text));

    /// <summary>The event that the parser stands at. Before the first <see cref="Advance"/> there is none.</summary>
    public ParsingEvent Current => _parser.Current!;

    /// <summary>Goes on to the next event.</summary>
    /// <exception cref="CraneException">CraneFileInvalid where there is no valid YAML.</exception>
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
            // A flow collection that is not closed ("[a" before the next key) brings the parser into states that it does
            // not expect itself.
            var mark = _parser.Current?.End ?? new Mark(0, 1, 1);
            throw Unreadable(
                Locate(mark), "what follows here does not fit", "A bracket or brace that is opened here may not be closed.", exception);
        }
    }

    // A tab is reported where the mapping begins that it breaks, which may be many lines above. Only the text of the parser's
    // error tells that it is about one.
    private CraneException Unreadable(YamlException exception)
    {
        var reported = Locate(exception.Start);
        return exception.Message.Contains("tab ", StringComparison.Ordinal) && FirstTabIndentedFrom(reported.Line) is { } tab
            ? Unreadable(tab, "a tab indents this line", "Indent with spaces.", exception)
            : Unreadable(reported, exception.Message.TrimEnd('.'), BraceAdvice(reported), exception);
    }

    // In `{ registry: ${NAME} }` the variable's brace opens another map.
    private static string? BraceAdvice(SourceLocation location) => location.LineText.Contains("${", StringComparison.Ordinal)
        ? "Between braces or brackets, put a value with a variable in quotes: { registry: \"${NAME}\" }."
        : null;

    private CraneException Unreadable(SourceLocation location, string problem, string? advice, Exception exception) =>
        ForeignFileDetector.Template(file, location) ?? new CraneException(
            CraneErrorId.CraneFileInvalid, $"{location}: this is no valid YAML: {problem}.", advice, exception)
        { Location = location };

    private SourceLocation Locate(Mark mark) => file.Locate(Math.Max(1, (int)mark.Line), Math.Max(1, (int)mark.Column));

    private SourceLocation? FirstTabIndentedFrom(int line) => Enumerable.Range(line, Math.Max(0, file.LineCount - line + 1))
        .Select(candidate => file.Locate(candidate, 1))
        .FirstOrDefault(candidate => candidate.LineText.TrimStart(' ').StartsWith('\t'));
}

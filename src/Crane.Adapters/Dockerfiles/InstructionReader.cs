using System.Text;
using Crane.Errors;

namespace Crane.Adapters.Dockerfiles;

/// <summary>Parses lines into instructions: directives, comments, continuations and heredocs.</summary>
internal sealed class InstructionReader
{
    private readonly DockerfileSource _source;
    private readonly ParserDirectives _directives = new();
    private int _line;

    private InstructionReader(DockerfileSource source) => _source = source;

    /// <exception cref="CraneException">BuildFailed for an invalid directive, argument or heredoc, or a line that is too long.</exception>
    public static IReadOnlyList<Instruction> Read(DockerfileSource source, out char escape)
    {
        var reader = new InstructionReader(source);
        var instructions = new List<Instruction>();
        while (reader.ReadNext() is { } instruction)
            instructions.Add(instruction);
        escape = reader._directives.Escape;
        return instructions;
    }

    private Instruction? ReadNext()
    {
        while (NextLine() is { } line)
        {
            var text = line.TrimEnd('\r').TrimStart();
            _source.At(_line, () => _directives.Read(text));
            if (!IsBlankOrComment(text))
                return ReadInstruction(text);
        }

        return null;
    }

    private Instruction ReadInstruction(string firstLine)
    {
        var start = _line;
        var instruction = new StringBuilder();
        var continues = Continue(firstLine);
        while (continues && NextLine() is { } line)
        {
            if (!IsBlankOrComment(line))
                continues = Continue(line.TrimEnd('\r'));
        }

        var last = _line;
        return _source.At(
            start, () => WithHeredocs(Instruction.Parse(instruction.ToString(), start, _directives.Escape) with { LastLine = last }));

        bool Continue(string line)
        {
            var continues = Continues(line, _directives.Escape, out var text);
            instruction.Append(text);
            return continues;
        }
    }

    private Instruction WithHeredocs(Instruction instruction) => instruction.TakesHeredocs
        ? instruction with { Heredocs = [.. HeredocMarker.In(instruction.Text).Select(ReadHeredoc)] }
        : instruction;

    private Heredoc ReadHeredoc(HeredocMarker marker)
    {
        var content = new StringBuilder();
        while (NextLine() is { } line)
        {
            var text = line.TrimEnd('\r');
            if ((marker.SkipsTabs ? text.TrimStart('\t') : text) == marker.Name)
                return new(marker.Name, content.ToString());
            content.Append(line).Append('\n');
        }

        throw new DockerfileError($"the heredoc {VisibleText.Quote(marker.Name)} has no end", "End it with a line of only this name.");
    }

    private string? NextLine() => _line < _source.LineCount ? _source.Line(++_line) : null;

    // Also within an instruction, where a shell would take a blank line for the end.
    private static bool IsBlankOrComment(string line) => line.AsSpan().TrimStart() is [] or ['#', ..];

    // Whether the line ends with the escape character, before spaces and tabs. Two of them are an escaped one, and no continuation.
    private static bool Continues(string line, char escape, out string text)
    {
        var end = line.AsSpan().TrimEnd(" \t");
        var continues = end is [.., var last] && last == escape && !(end is [.., var before, _] && before == escape);
        text = continues ? line[..(end.Length - 1)] : line;
        return continues;
    }
}

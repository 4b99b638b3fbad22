using System.Text.RegularExpressions;
using System.Text;

namespace Crane.Adapters.Machine;

/// <summary>Splits the output of a program into lines. One that is too long is cut.</summary>
internal sealed class OutputLines(int maxLength, Action<string> take)
{
    private readonly StringBuilder _line = new();

    public void Take(ReadOnlyMemory<char> text)
    {
        foreach (var character in text.Span)
        {
            if (character != '\n')
                _line.Append(character);
            if (character == '\n' || _line.Length >= maxLength)
                EndLine();
        }
    }

    /// <summary>Takes the last line, where it has no end.</summary>
    public void End()
    {
        if (_line.Length > 0)
            EndLine();
    }

    private void EndLine()
    {
        var line = _line.ToString().TrimEnd('\r');
        _line.Clear();
        take(line);
    }
}

/// <summary>The last lines of an output that are not empty.</summary>
internal sealed class OutputTail
{
    private const int Length = 10;
    private readonly Queue<string> _lines = new();

    public IReadOnlyCollection<string> Lines => _lines;

    public void Add(string line)
    {
        if (line.Length == 0)
            return;
        if (_lines.Count == Length)
            _lines.Dequeue();
        _lines.Enqueue(line);
    }

    public void Clear() => _lines.Clear();

    /// <summary>These lines followed by the others, together at most the limit of one tail.</summary>
    public IEnumerable<string> Before(OutputTail others) => [.. _lines.TakeLast(Length - others._lines.Count), .. others._lines];
}

/// <summary>Removes terminal control sequences (ECMA-48) from a line of output.</summary>
internal static partial class TerminalText
{
    /// <summary>The line as plain text; where a carriage return overwrote it, the last version.</summary>
    public static string Plain(string line)
    {
        var ended = line.TrimEnd('\r');
        return Controls().Replace(ended[(ended.LastIndexOf('\r') + 1)..], "").TrimEnd();
    }

    // An operating system command, such as a title or a link, up to a bell or ESC \; a control sequence with its parameters;
    // another sequence, with intermediates and a final character; any other control character but the tab.
    [GeneratedRegex(
        @"\x1b(?:\][^\a\x1b]*(?:\a|\x1b.?)?|\[[ -?]*.?|[ -/]*.?)|[\p{Cc}-[\t]]", RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex Controls();
}

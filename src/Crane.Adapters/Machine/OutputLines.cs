using System.Text;

namespace Crane.Adapters.Machine;

/// <summary>Makes lines of what a program prints. One that does not end is cut.</summary>
/// <param name="longest">How many characters a line may have.</param>
/// <param name="take">Takes each line, without its end.</param>
internal sealed class OutputLines(int longest, Action<string> take)
{
    private readonly StringBuilder _line = new();

    /// <summary>Takes what was printed, as it comes.</summary>
    public void Take(ReadOnlyMemory<char> text)
    {
        foreach (var character in text.Span)
        {
            if (character != '\n')
                _line.Append(character);
            if (character == '\n' || _line.Length >= longest)
                EndLine();
        }
    }

    /// <summary>Takes the last line, where the program has not ended it.</summary>
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

    /// <summary>These lines before others, as many as there is room for.</summary>
    public IEnumerable<string> Before(OutputTail others) => [.. _lines.TakeLast(Length - others._lines.Count), .. others._lines];
}

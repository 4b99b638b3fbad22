using System.Text;

namespace Crane.Adapters.Building.Buildx;

/// <summary>A step of a run of bake, and what an error will need of it.</summary>
internal sealed class BakeStep
{
    private const int TailLength = 10;

    // A program may print without ever ending a line.
    private const int LongestLine = 16 * 1024;

    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();
    private readonly StringBuilder _line = new();
    private readonly Queue<string> _tail = new();

    /// <summary>Index of the target that it belongs to: where several share it, of the first.</summary>
    public int Target { get; private set; } = int.MaxValue;

    /// <summary>What it is, without the name of its target: <c>[2/3] COPY a b</c>.</summary>
    public string Text { get; private set; } = "";

    /// <summary>Why it failed; null where it has not.</summary>
    public string? Error { get; set; }

    /// <summary>Whether its beginning was told.</summary>
    public bool IsTold { get; set; }

    /// <summary>The last lines that it printed.</summary>
    public IReadOnlyCollection<string> Tail => _tail;

    /// <summary>Takes note of a target that has this step.</summary>
    public void BelongsTo(int target, string text)
    {
        if (target < Target)
            (Target, Text) = (target, text);
    }

    /// <summary>Takes output, and gives the lines that are ended by it.</summary>
    public IEnumerable<string> Take(byte[] output)
    {
        var text = new char[_decoder.GetCharCount(output, flush: false)];
        _decoder.GetChars(output, text, flush: false);
        var lines = new List<string>();
        foreach (var character in text)
        {
            if (character != '\n')
                _line.Append(character);
            if (character == '\n' || _line.Length >= LongestLine)
                lines.AddRange(End());
        }

        return lines;
    }

    /// <summary>Ends a line that the program has not ended.</summary>
    public IEnumerable<string> End()
    {
        if (_line.Length == 0)
            return [];
        var line = TerminalText.Plain(_line.ToString());
        _line.Clear();
        if (line.Length == 0)
            return [];
        if (_tail.Count == TailLength)
            _tail.Dequeue();
        _tail.Enqueue(line);
        return [line];
    }
}

using Crane.Adapters.Programs;

namespace Crane.Adapters.Building.Hooks;

/// <summary>Makes lines of what a hook prints on its two streams, and remembers the last ones for an error.</summary>
internal sealed class HookOutput
{
    private const int TailLength = 10;
    private const int LongestTailLine = 300;
    private const int LongestLine = 16 * 1024;

    private readonly object _gate = new();
    private readonly Action<string> _output;
    private readonly Queue<string> _printed = new();
    private readonly Queue<string> _complaints = new();

    /// <param name="output">Takes each line; one at a time.</param>
    public HookOutput(Action<string> output)
    {
        _output = output;
        Output = new OutputLines(LongestLine, line => Take(line, _printed));
        Errors = new OutputLines(LongestLine, line => Take(line, _complaints));
    }

    /// <summary>Takes what it prints on its standard output.</summary>
    public OutputLines Output { get; }

    /// <summary>The same for the standard error.</summary>
    public OutputLines Errors { get; }

    /// <summary>
    /// The last lines that were not empty. Which of the two streams said something first cannot be known: what is said of
    /// errors comes last, and is not pushed out by the rest.
    /// </summary>
    public IReadOnlyList<string> Tail
    {
        get
        {
            lock (_gate)
                return [.. _printed.TakeLast(TailLength - _complaints.Count), .. _complaints];
        }
    }

    private void Take(string line, Queue<string> tail)
    {
        var text = TerminalText.Plain(line);
        lock (_gate)
        {
            if (text.Length > 0)
                tail.Enqueue(text.Length > LongestTailLine ? $"{text[..LongestTailLine]}…" : text);
            if (tail.Count > TailLength)
                tail.Dequeue();
            _output(text);
        }
    }
}

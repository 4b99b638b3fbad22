using System.Text;

namespace Crane.Adapters.Building.Hooks;

/// <summary>Makes lines of what a hook prints on its two streams, and remembers the last ones for an error.</summary>
/// <param name="output">Takes each line; one at a time.</param>
internal sealed class HookOutput(Action<string> output)
{
    private const int TailLength = 10;
    private const int LongestTailLine = 300;

    // A program may print without ever ending a line.
    private const int LongestLine = 16 * 1024;

    private readonly object _gate = new();
    private readonly Queue<string> _printed = new();
    private readonly Queue<string> _complaints = new();

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

    /// <summary>Reads the standard output to its end, or until it is not to be heard any more.</summary>
    public Task ReadOutputAsync(StreamReader stream, CancellationToken cancellation) => ReadAsync(stream, _printed, cancellation);

    /// <summary>The same for the standard error.</summary>
    public Task ReadErrorAsync(StreamReader stream, CancellationToken cancellation) => ReadAsync(stream, _complaints, cancellation);

    private async Task ReadAsync(StreamReader stream, Queue<string> tail, CancellationToken cancellation)
    {
        var buffer = new char[4 * 1024];
        var line = new StringBuilder();
        try
        {
            while (await stream.ReadAsync(buffer, cancellation) is > 0 and var count)
                Take(buffer.AsSpan(..count), line, tail);
        }
        catch (OperationCanceledException)
        {
            // What it has said so far counts.
        }

        if (line.Length > 0)
            End(line, tail);
    }

    private void Take(ReadOnlySpan<char> text, StringBuilder line, Queue<string> tail)
    {
        foreach (var character in text)
        {
            if (character != '\n')
                line.Append(character);
            if (character == '\n' || line.Length >= LongestLine)
                End(line, tail);
        }
    }

    private void End(StringBuilder line, Queue<string> tail)
    {
        var text = TerminalText.Plain(line.ToString());
        line.Clear();
        lock (_gate)
        {
            if (text.Length > 0)
                tail.Enqueue(text.Length > LongestTailLine ? $"{text[..LongestTailLine]}…" : text);
            if (tail.Count > TailLength)
                tail.Dequeue();
            output(text);
        }
    }
}

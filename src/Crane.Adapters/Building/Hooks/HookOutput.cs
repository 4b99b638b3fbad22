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

    private readonly Queue<string> _tail = new();

    /// <summary>The last lines that were not empty.</summary>
    public IReadOnlyList<string> Tail
    {
        get
        {
            lock (_tail)
                return [.. _tail];
        }
    }

    /// <summary>Reads a stream to its end, or until it is not to be heard any more.</summary>
    public async Task ReadAsync(StreamReader stream, CancellationToken cancellation)
    {
        var buffer = new char[4 * 1024];
        var line = new StringBuilder();
        try
        {
            while (await stream.ReadAsync(buffer, cancellation) is > 0 and var count)
                Take(buffer.AsSpan(..count), line);
        }
        catch (OperationCanceledException)
        {
            // What it has said so far counts.
        }

        if (line.Length > 0)
            End(line);
    }

    private void Take(ReadOnlySpan<char> text, StringBuilder line)
    {
        foreach (var character in text)
        {
            if (character != '\n')
                line.Append(character);
            if (character == '\n' || line.Length >= LongestLine)
                End(line);
        }
    }

    private void End(StringBuilder line)
    {
        var text = TerminalText.Plain(line.ToString());
        line.Clear();
        lock (_tail)
        {
            if (text.Length > 0)
                _tail.Enqueue(text.Length > LongestTailLine ? $"{text[..LongestTailLine]}…" : text);
            if (_tail.Count > TailLength)
                _tail.Dequeue();
            output(text);
        }
    }
}

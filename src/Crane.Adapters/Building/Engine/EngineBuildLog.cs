using System.Text;
using Crane.Adapters.Docker;
using Crane.Adapters.Machine;

namespace Crane.Adapters.Building;

/// <summary>Makes lines of what the engine says about a build, and remembers what an error will need.</summary>
/// <param name="step">Takes each line.</param>
internal sealed class EngineBuildLog(Action<string> step)
{
    private const int TailLength = 10;

    // How lines begin that the builder says itself.
    private const string Note = " ---> ";

    // A program may print without ever ending a line.
    private const int LongestLine = 16 * 1024;

    private readonly StringBuilder _line = new();
    private readonly Queue<string> _tail = new();

    /// <summary>The step that was begun last; null before the first.</summary>
    public EngineBuildStep? Step { get; private set; }

    /// <summary>The last lines that the step printed.</summary>
    public IReadOnlyCollection<string> Tail => _tail;

    /// <summary>The image that the last stage became; null where none is done.</summary>
    public string? ImageId { get; private set; }

    /// <summary>Takes the next message. One of a failure ends the line before it.</summary>
    public void Take(EngineMessage message)
    {
        ImageId = message.Aux?.Id ?? ImageId;
        // The builder speaks in between, also where a program has not ended its line.
        if (_line.Length > 0 && message.Stream?.StartsWith(Note, StringComparison.Ordinal) == true)
            End();
        foreach (var character in message.Stream ?? "")
        {
            if (character != '\n')
                _line.Append(character);
            if (character == '\n' || _line.Length >= LongestLine)
                End();
        }

        if (_line.Length > 0 && message.Failed is not null)
            End();
        // Of a base that is fetched: the phases of its layers, without the bytes.
        if (message is { Status: { } phase, ProgressDetail: null or { Total: 0 } })
            step(message.Id is { } layer ? $"{layer}: {phase}" : phase);
    }

    private void End()
    {
        var line = TerminalText.Plain(_line.ToString());
        _line.Clear();
        if (EngineBuildStep.Read(line) is { } begun && begun.Number == (Step?.Number ?? 0) + 1)
        {
            Step = begun;
            _tail.Clear();
        }
        else if (line.Length > 0 && !line.StartsWith(Note, StringComparison.Ordinal))
        {
            if (_tail.Count == TailLength)
                _tail.Dequeue();
            _tail.Enqueue(line);
        }

        step(line);
    }
}

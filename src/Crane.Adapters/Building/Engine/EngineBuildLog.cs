using System.Globalization;
using System.Text;
using Crane.Adapters.Engine;
using Crane.Adapters.Machine;
using Docker.DotNet.Models;

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
    public void Take(JSONMessage message)
    {
        ImageId = message.Fact("ID")?.ToString() ?? ImageId;
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

        if (_line.Length > 0 && message.Error?.Message is not null)
            End();
        // Of a base that is fetched: the phases of its layers, without the bytes.
        if (message is { Status: { } phase, Progress: null or { Total: null or 0 } })
            step(message.ID is { } layer ? $"{layer}: {phase}" : phase);
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

/// <summary>A step that the engine's builder has begun.</summary>
/// <param name="Number">Counted from 1.</param>
/// <param name="Instruction">Its instruction as written.</param>
/// <param name="Line">The whole line: <c>Step 3/7 : RUN make</c>.</param>
internal sealed record EngineBuildStep(int Number, string Instruction, string Line)
{
    private const string Label = "Step ";
    private const string Separator = " : ";

    /// <summary>The step that a line announces; null for any other line.</summary>
    public static EngineBuildStep? Read(string line)
    {
        var slash = line.IndexOf('/', StringComparison.Ordinal);
        var separator = line.IndexOf(Separator, StringComparison.Ordinal);
        return line.StartsWith(Label, StringComparison.Ordinal) && slash > Label.Length && separator > slash
            && int.TryParse(line.AsSpan(Label.Length..slash), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && int.TryParse(line.AsSpan((slash + 1)..separator), NumberStyles.None, CultureInfo.InvariantCulture, out _)
            && number > 0
                ? new(number, line[(separator + Separator.Length)..], line)
                : null;
    }
}

using System.Globalization;
using System.Text;
using Crane.Adapters.Engine;
using Crane.Adapters.Machine;
using Crane.Building;
using Docker.DotNet.Models;

namespace Crane.Adapters.Building;

/// <summary>Splits an engine's messages about a build into lines, and remembers what an error needs.</summary>
/// <param name="output">Takes each line.</param>
internal sealed class EngineBuildLog(Action<BuildLine> output)
{
    private const int TailLength = 10;

    // The start of the builder's own lines.
    private const string Note = " ---> ";

    // A program may never end a line.
    private const int LongestLine = 16 * 1024;

    private readonly StringBuilder _line = new();
    private readonly Queue<string> _tail = new();

    /// <summary>The current step; null before the first.</summary>
    public EngineBuildStep? Step { get; private set; }

    /// <summary>The last lines that the step printed.</summary>
    public IReadOnlyCollection<string> Tail => _tail;

    /// <summary>The image of the last finished stage; null for none.</summary>
    public string? ImageId { get; private set; }

    /// <summary>Takes the next message. An error ends the line before it.</summary>
    public void Take(JSONMessage message)
    {
        ImageId = message.Fact("ID")?.ToString() ?? ImageId;
        // The builder's own message may follow an unfinished line of a program.
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
        // Of a pulled base: the phases of its layers, without the bytes.
        if (message is { Status: { } phase, Progress: null or { Total: null or 0 } })
            output(new BuildLine(message.ID is { } layer ? $"{layer}: {phase}" : phase));
    }

    private void End()
    {
        var line = TerminalText.Plain(_line.ToString());
        _line.Clear();
        var begun = EngineBuildStep.Read(line);
        var isStep = begun is not null && begun.Number == (Step?.Number ?? 0) + 1;
        if (isStep)
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

        output(new BuildLine(line, isStep));
    }
}

/// <summary>A step of the engine's builder.</summary>
/// <param name="Number">Counted from 1.</param>
/// <param name="Instruction">The instruction as written.</param>
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

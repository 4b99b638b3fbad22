using System.Globalization;

namespace Crane.Adapters.Building;

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

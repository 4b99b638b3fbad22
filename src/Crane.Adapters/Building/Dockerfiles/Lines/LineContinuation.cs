namespace Crane.Adapters.Building.Dockerfiles.Lines;

/// <summary>Tells whether an instruction goes on in the next line.</summary>
internal static class LineContinuation
{
    /// <summary>
    /// Whether the escape character is the last of the line but for spaces and tabs. Two of them are an escaped one, which
    /// ends no line.
    /// </summary>
    /// <param name="line">A line without its line break.</param>
    /// <param name="escape">The escape character.</param>
    /// <param name="text">What the line adds to the instruction.</param>
    public static bool Continues(string line, char escape, out string text)
    {
        var end = line.AsSpan().TrimEnd(" \t");
        var continues = end is [.., var last] && last == escape && !(end is [.., var before, _] && before == escape);
        text = continues ? line[..(end.Length - 1)] : line;
        return continues;
    }
}

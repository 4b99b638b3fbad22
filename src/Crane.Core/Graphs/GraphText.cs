using System.Text;
using Crane.Errors;

namespace Crane.Graphs;

/// <summary>Text in a box.</summary>
internal static class GraphText
{
    /// <summary>The text on one line, cut in the middle where it is longer than the limit.</summary>
    public static string Line(string text, int limit)
    {
        var line = VisibleText.Lines(text).Replace('\n', ' ').Replace('\t', ' ');
        var runes = line.EnumerateRunes().ToList();
        return runes.Count <= limit ? line
            : string.Concat(runes.Take(limit * 2 / 3).Append(new Rune('…')).Concat(runes.TakeLast(limit - (limit * 2 / 3) - 1)));
    }

    /// <summary>The widest that a line can be in a font of fixed width, in letters of ASCII: others may take two.</summary>
    public static int Cells(string line) => line.EnumerateRunes().Sum(rune => rune.IsAscii || rune.Value == '…' ? 1 : 2);
}

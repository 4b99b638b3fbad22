using System.Text.RegularExpressions;

namespace Crane.Adapters.Machine;

/// <summary>What a line of a program's output shows on a terminal, without what only a terminal would obey (ECMA-48).</summary>
internal static partial class TerminalText
{
    /// <summary>The line as plain text: of a line that was written over, what was written last.</summary>
    public static string Plain(string line)
    {
        var ended = line.TrimEnd('\r');
        return Obeyed().Replace(ended[(ended.LastIndexOf('\r') + 1)..], "").TrimEnd();
    }

    // An operating system command, such as a title or a link, up to a bell or ESC \; a control sequence with its parameters, or
    // another sequence, with intermediates and one character that ends it; any other control character but the tab.
    [GeneratedRegex(
        @"\x1b(?:\][^\a\x1b]*(?:\a|\x1b.?)?|\[[ -?]*.?|[ -/]*.?)|[\p{Cc}-[\t]]", RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex Obeyed();
}

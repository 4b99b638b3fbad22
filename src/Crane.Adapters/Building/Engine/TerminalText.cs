using System.Text;

namespace Crane.Adapters.Building;

/// <summary>What a line of a program's output shows on a terminal, without what only a terminal would obey (ECMA-48).</summary>
internal static class TerminalText
{
    private const char Escape = '\u001b';
    private const char Bell = '\u0007';

    /// <summary>The line as plain text: of a line that was written over, what was written last.</summary>
    public static string Plain(string line)
    {
        var ended = line.AsSpan().TrimEnd('\r');
        var text = ended[(ended.LastIndexOf('\r') + 1)..];
        var plain = new StringBuilder(text.Length);
        for (var index = 0; index < text.Length; index++)
        {
            if (text[index] == Escape)
                index = EndOfSequence(text, index);
            else if (text[index] == '\t' || !char.IsControl(text[index]))
                plain.Append(text[index]);
        }

        return plain.ToString().TrimEnd();
    }

    /// <summary>The index of a sequence's last character.</summary>
    private static int EndOfSequence(ReadOnlySpan<char> text, int escape)
    {
        var index = escape + 1;
        if (index == text.Length)
            return escape;
        if (text[index] == ']')
            return EndOfCommand(text, index);
        // Intermediates, of a control sequence also parameters before them, then one character that ends it.
        var lastWithin = text[index] == '[' ? '?' : '/';
        if (text[index] == '[')
            index++;
        while (index < text.Length && text[index] >= ' ' && text[index] <= lastWithin)
            index++;
        return Math.Min(index, text.Length - 1);
    }

    // An operating system command, such as a title or a link, ends with a bell or ESC \.
    private static int EndOfCommand(ReadOnlySpan<char> text, int start)
    {
        var index = start;
        while (index < text.Length && text[index] != Bell && text[index] != Escape)
            index++;
        return index + 1 < text.Length && text[index] == Escape ? index + 1 : Math.Min(index, text.Length - 1);
    }
}

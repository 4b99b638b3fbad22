using System.Buffers;
using System.Text;

namespace Crane.Planning;

/// <summary>Writes command lines for a POSIX shell (IEEE 1003.1, Shell Command Language, 2.2 Quoting).</summary>
internal static class ShellText
{
    // None of these has a meaning to the shell, anywhere in a word. A tilde has one at the start, so it is not here.
    private static readonly SearchValues<char> Plain =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789@%+=:,./_-");

    /// <summary>The words as one line, each quoted where it needs it.</summary>
    public static string Line(IEnumerable<string> words) => string.Join(' ', words.Select(Quote));

    private static string Quote(string word)
    {
        if (word.Length > 0 && word.AsSpan().IndexOfAnyExcept(Plain) < 0)
            return word;
        return new StringBuilder("'").Append(word.Replace("'", @"'\''", StringComparison.Ordinal)).Append('\'').ToString();
    }
}

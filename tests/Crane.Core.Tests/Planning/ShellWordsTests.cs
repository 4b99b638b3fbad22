using System.Diagnostics;
using Crane.Planning;
using CsCheck;

namespace Crane.Core.Tests.Planning;

public sealed class ShellWordsTests
{
    [Theory]
    [InlineData("make", "make")]
    [InlineData("  make \t all ", "make|all")]
    [InlineData("sh -c 'echo $A | cat > \"x y\"; date'", "sh|-c|echo $A | cat > \"x y\"; date")]
    [InlineData("""a "b c"d'e f'""", "a|b cde f")]
    [InlineData("a '' \"\"", "a||")]
    [InlineData(@"a\ b c\\d \'e", @"a b|c\d|'e")]
    [InlineData("""a "q\"q" "b\\b" "\$d" "\`e" "n\n" """, """a|q"q|b\b|$d|`e|n\n""")]
    [InlineData(@"'a\b'", @"a\b")]
    [InlineData("a\\\nb \"c\\\nd\"", "ab|cd")]
    [InlineData("\n\n make\n\n", "make")]
    [InlineData("make\\ ", "make ")]
    [InlineData("\\\n\n .", ".")]
    [InlineData("'two\nlines' \"two\nlines\"", "two\nlines|two\nlines")]
    [InlineData("5$ $ \"$\" a$.b", "5$|$|$|a$.b")]
    [InlineData("a#b http://host/?x=*", "a#b|http://host/?x=*")]
    [InlineData("a~ b=~", "a~|b=~")]
    [InlineData(@"\| \& \; \< \> \( \) \# \~ \$A \`", "||&|;|<|>|(|)|#|~|$A|`")]
    [InlineData("déjà 'vü 🐳'", "déjà|vü 🐳")]
    public void Words_are_those_of_a_shell(string command, string words) => Assert.Equal(words, string.Join('|', ShellWords.Split(command)));

    [Theory]
    [InlineData("")]
    [InlineData(" \t\n ")]
    public void A_blank_command_has_no_words(string command) => Assert.Empty(ShellWords.Split(command));

    [Theory]
    [InlineData("make | tee log", "'|'")]
    [InlineData("make && make test", "'&'")]
    [InlineData("make; make test", "';'")]
    [InlineData("make > log", "'>'")]
    [InlineData("make 2>&1", "'>'")]
    [InlineData("cat < in", "'<'")]
    [InlineData("(make)", "'('")]
    [InlineData("make\nmake test", "several lines")]
    [InlineData("make\r\nmake test", "several lines")]
    [InlineData("tag $CRANE_HOOKED_CONTAINER", "'$'")]
    [InlineData("tag \"x-$CRANE_HOOKED_CONTAINER\"", "'$'")]
    [InlineData("tag ${A:-b}", "'$'")]
    [InlineData("tag $(date)", "'$'")]
    [InlineData("tag \"$(date)\"", "'$'")]
    [InlineData("tag $'a'", "'$'")]
    [InlineData("tag $\\\nA", "'$'")]
    [InlineData("tag \"$\\\n\\\nA\"", "'$'")]
    [InlineData("tag `date`", "'`'")]
    [InlineData("tag \"`date`\"", "'`'")]
    [InlineData("make # all", "'#'")]
    [InlineData("~/bin/make", "'~'")]
    [InlineData("make 'all", "not closed")]
    [InlineData("make \"all", "not closed")]
    [InlineData("make \"all\\\"", "not closed")]
    [InlineData("make \\", "backslash")]
    [InlineData("make a\0b", "null character")]
    public void What_a_shell_would_do_beyond_that_is_refused(string command, string reason) =>
        Assert.Contains(reason, Assert.Throws<FormatException>(() => ShellWords.Split(command)).Message, StringComparison.Ordinal);

    [Fact]
    public void Whatever_is_taken_means_the_same_to_a_shell()
    {
        Assert.SkipUnless(File.Exists("/bin/sh"), "There is no POSIX shell here.");
        Gen.String[Gen.OneOf(Gen.Char["ab ~#"], Gen.Char["'\"\\\n\t$`{.é"]), 1, 12].Where(IsTaken).Sample(
            command => Assert.Equal(ShellWords.Split(command), ShellReads(command)), iter: 200, threads: 1);
    }

    [Fact]
    public void What_ShellText_writes_is_read_back() =>
        Gen.String[Gen.Char["ab\n\t'\"\\$`*~# |é"], 0, 12].Array[1, 6].Sample(
            words => Assert.Equal(words, ShellWords.Split(ShellText.Line([.. words]))), iter: 2000);

    private static bool IsTaken(string command)
    {
        try
        {
            return ShellWords.Split(command).Count > 0;
        }
        catch (FormatException)
        {
            return false;
        }
    }

    // Empty lines before a command are no command; after printf they would end it. An escaped line break is none at all.
    private static IEnumerable<string> ShellReads(string command)
    {
        while (command.StartsWith("\\\n", StringComparison.Ordinal) || command[0] is ' ' or '\t' or '\n')
            command = command[(command[0] is '\\' ? 2 : 1)..];
        using var shell = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", $"printf '%s\\0' {command}"])
        {
            RedirectStandardOutput = true,
        })!;
        var read = shell.StandardOutput.ReadToEnd();
        shell.WaitForExit();
        return read.Split('\0').SkipLast(1);
    }
}

using System.Diagnostics;
using Crane.Planning;
using CsCheck;

namespace Crane.Core.Tests.Planning;

public sealed class ShellTextTests
{
    [Theory]
    [InlineData("company/os:1.2", "company/os:1.2")]
    [InlineData("", "''")]
    [InlineData("a b", "'a b'")]
    [InlineData("it's", @"'it'\''s'")]
    [InlineData("$HOME", "'$HOME'")]
    [InlineData("~root", "'~root'")]
    public void A_word_is_quoted_only_where_it_must_be(string word, string expected) => Assert.Equal(expected, ShellText.Line([word]));

    [Fact]
    public void A_shell_reads_back_every_word()
    {
        Assert.SkipUnless(File.Exists("/bin/sh"), "There is no POSIX shell here.");
        var word = Gen.String[Gen.OneOf(Gen.Char[' ', '~'], Gen.Char["\n\t'\"\\$`é✓"]), 0, 12];
        word.Array[1, 6].Sample(
            words =>
            {
                using var shell = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", $"printf '%s\\0' {ShellText.Line(words)}"])
                {
                    RedirectStandardOutput = true,
                })!;
                var read = shell.StandardOutput.ReadToEnd();
                shell.WaitForExit();
                Assert.Equal(string.Concat(words.Select(word => word + '\0')), read);
            },
            iter: 50,
            threads: 1);
    }
}

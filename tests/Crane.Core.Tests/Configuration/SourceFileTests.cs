using Crane.CraneFile.Nodes;

namespace Crane.Core.Tests.Configuration;

public sealed class SourceFileTests
{
    [Theory]
    [InlineData(1, "one")]
    [InlineData(2, "two")]
    [InlineData(3, "")]
    [InlineData(4, "four")]
    [InlineData(5, "five")]
    [InlineData(6, "")]
    public void Line_text_has_no_line_break_whatever_it_is(int line, string expected)
    {
        var file = new SourceFile("/stack/crane.yaml", "one\r\ntwo\n\rfour\nfive", "given");

        Assert.Equal(expected, file.Locate(line, 1).LineText);
    }

    [Fact]
    public void Very_long_line_is_shown_around_the_place()
    {
        var file = new SourceFile("/stack/crane.json", new string('a', 5_000) + "HERE" + new string('b', 5_000), "given");

        var shown = file.Locate(1, 5_001).LineText;

        Assert.Contains("aHEREb", shown, StringComparison.Ordinal);
        Assert.InRange(shown.Length, 300, 500);
    }

    [Theory]
    [InlineData("registry: https://bob:p@ss@r.co/x # note", "registry: https://***@r.co/x # note")]
    [InlineData("""{"registry":"bob:secret@r.co:5000"}""", """{"registry":"***@r.co:5000"}""")]
    [InlineData("context: https://token@github.com/a/b.git", "context: https://***@github.com/a/b.git")]
    [InlineData("context: git@github.com:a/b.git", "context: git@github.com:a/b.git")]
    [InlineData("image: company/os:1@sha256:abc", "image: company/os:1@sha256:abc")]
    public void Credentials_in_a_line_are_masked(string line, string shown) =>
        Assert.Equal(shown, new SourceFile("/stack/crane.yaml", line, "given").Locate(1, 1).LineText);

    [Fact]
    public void Folder_is_that_of_the_path() =>
        Assert.Equal(Path.GetFullPath("/stack"), Path.GetFullPath(new SourceFile("/stack/crane.yaml", "", "given").Folder));
}

using Crane.Configuration;

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

        var text = file.Locate(1, 5_001).LineText;

        Assert.Contains("aHEREb", text, StringComparison.Ordinal);
        Assert.InRange(text.Length, 300, 500);
    }

    [Fact]
    public void Folder_is_that_of_the_path() =>
        Assert.Equal(Path.GetFullPath("/stack"), Path.GetFullPath(new SourceFile("/stack/crane.yaml", "", "given").Folder));
}

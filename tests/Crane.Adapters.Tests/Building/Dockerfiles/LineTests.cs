namespace Crane.Adapters.Tests.Building.Dockerfiles;

/// <summary>Directives, comments, continuations and line breaks.</summary>
public sealed class LineTests
{
    [Theory]
    [InlineData("FROM al\\\npine")]
    [InlineData("FROM \\\n\n# why\n   # more\n\t\nalpine")]
    [InlineData("FROM \\  \t\nalpine")]
    [InlineData("\\\nFROM alpine")]
    [InlineData("FROM alpine \\")]
    [InlineData("\uFEFFFROM alpine")]
    [InlineData("FROM alpine\r\n# \\\r\nRUN a \\\r\n\r\n  b\r\n")]
    [InlineData("  \t FROM alpine  \t ")]
    [InlineData("# escape=`\nFROM al`\npine")]
    [InlineData("#Escape = ` \nFROM al`\npine")]
    [InlineData("# syntax=docker/dockerfile:1\n# escape=`\n# check=skip=all;error=true\nFROM al`\npine")]
    [InlineData("#!/usr/bin/env docker\nFROM alpine")]
    [InlineData("# escape=`\nFROM alpine\nRUN dir C:\\\nRUN b")]
    public void Read_as_one_FROM(string dockerfile) => Assert.Equal(["alpine"], Dockerfile.All(dockerfile));

    [Theory]
    [InlineData("FROM alpine\nRUN a \\\\\nFROM busybox")]
    [InlineData("# why\n# escape=`\nFROM alpine\nRUN a `\nFROM busybox")]
    [InlineData("\n# escape=`\nFROM alpine\nRUN a `\nFROM busybox")]
    [InlineData("# escape=\n# escape=`\nFROM alpine\nRUN a `\nFROM busybox")]
    [InlineData("# escape=`\nFROM alpine\nRUN a \\\nFROM busybox")]
    [InlineData("FROM alpine\n# \\\nFROM busybox")]
    [InlineData("FROM alpine\nRUN a \\ b\nFROM busybox")]
    public void Read_as_two(string dockerfile) => Assert.Equal(["alpine", "busybox"], Dockerfile.All(dockerfile));

    [Theory]
    [InlineData("# escape=^\nFROM alpine", 1)]
    [InlineData("# escape= \nFROM alpine", 1)]
    [InlineData("# escape=`\n# escape=`\nFROM alpine", 2)]
    [InlineData("# syntax=docker/dockerfile:1\n# SYNTAX=b\nFROM alpine", 2)]
    [InlineData("# check=fast=true\nFROM alpine", 1)]
    [InlineData("# check=error=maybe\nFROM alpine", 1)]
    public void Invalid_directives(string dockerfile, int line) => Assert.Equal(line, Dockerfile.Error(dockerfile).Location!.Line);

    [Fact]
    public void Error_in_a_continued_instruction_is_in_its_first_line() =>
        Assert.Equal(2, Dockerfile.Error("FROM alpine\nCOPY --from=a \\\n  /a\n").Location!.Line);

    [Fact]
    public void Line_is_as_long_as_BuildKit_reads()
    {
        const int limit = (64 * 1024) - 1;
        var comment = $"# {new string('é', (limit - 2) / 2)}";

        Assert.Equal(["alpine"], Dockerfile.All($"{comment}\nFROM alpine"));
        Assert.Contains("65535 bytes", Dockerfile.Error($"{comment}é\nFROM alpine").Message, StringComparison.Ordinal);
    }
}

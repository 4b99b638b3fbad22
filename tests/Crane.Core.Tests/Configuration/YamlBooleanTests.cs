using Crane.CraneFile.Model;

namespace Crane.Core.Tests.Configuration;

public sealed class YamlBooleanTests
{
    [Theory]
    [InlineData("true", true)]
    [InlineData("True", true)]
    [InlineData("YES", true)]
    [InlineData("On", true)]
    [InlineData("false", false)]
    [InlineData("No", false)]
    [InlineData("OFF", false)]
    public void Yaml_1_1_forms_are_read(string written, bool expected)
    {
        Assert.True(YamlBoolean.TryParse(written, out var value));
        Assert.Equal(expected, value);
    }

    [Theory]
    [InlineData("tRUE")]
    [InlineData("y")]
    [InlineData("1")]
    [InlineData("")]
    [InlineData("true ")]
    public void Other_strings_are_none(string written) => Assert.False(YamlBoolean.TryParse(written, out _));
}

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
    public void Yaml_1_1_forms_are_read(string text, bool expected)
    {
        Assert.True(YamlBoolean.TryParse(text, out var value));
        Assert.Equal(expected, value);
    }

    [Theory]
    [InlineData("tRUE")]
    [InlineData("y")]
    [InlineData("1")]
    [InlineData("")]
    [InlineData("true ")]
    public void Other_texts_are_none(string text) => Assert.False(YamlBoolean.TryParse(text, out _));
}

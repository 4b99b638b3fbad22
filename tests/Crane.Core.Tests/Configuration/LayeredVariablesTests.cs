using Crane.Configuration;

namespace Crane.Core.Tests.Configuration;

public sealed class LayeredVariablesTests
{
    private readonly LayeredVariables _variables = new(
        new Dictionary<string, string> { ["A"] = "given", ["EMPTY"] = "" },
        new GivenVariables(new Dictionary<string, string> { ["A"] = "environment", ["EMPTY"] = "environment", ["B"] = "behind" }));

    [Theory]
    [InlineData("A", "given")]
    [InlineData("EMPTY", "")]
    [InlineData("B", "behind")]
    [InlineData("C", null)]
    public void Given_ones_win_even_where_they_are_empty(string name, string? value) => Assert.Equal(value, _variables.Get(name));
}

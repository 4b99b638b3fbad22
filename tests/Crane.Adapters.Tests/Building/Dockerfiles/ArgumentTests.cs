namespace Crane.Adapters.Tests.Building.Dockerfiles;

public sealed class ArgumentTests
{
    [Fact]
    public void Build_argument_overrides_the_default() =>
        Assert.Equal("alpine:4", Dockerfile.Base("ARG V=3\nFROM alpine:$V", ("V", "4")));

    [Fact]
    public void Build_argument_without_an_ARG_is_ignored() =>
        Assert.Equal("alpine", Dockerfile.Base("FROM alpine$V", ("V", ":4")));

    [Fact]
    public void Empty_build_argument_counts_as_set() =>
        Assert.Equal("alpine", Dockerfile.Base("ARG V=:3\nFROM alpine${V-:9}", ("V", "")));

    [Fact]
    public void Default_sees_the_arguments_before_it() =>
        Assert.Equal("r.co/app:1-slim", Dockerfile.Base("ARG R=r.co T=1\nARG I=$R/app:${T}-slim\nFROM $I"));

    [Fact]
    public void Later_default_wins() => Assert.Equal("a:2", Dockerfile.Base("ARG V=1\nARG V=2\nFROM a:$V"));

    [Fact]
    public void Quotes_of_a_default_are_removed() => Assert.Equal("a:1", Dockerfile.Base("ARG V=\"1\"\nFROM 'a:'\"$V\""));

    [Fact]
    public void Single_quotes_and_escapes_keep_a_dollar() => Assert.Equal(
        CraneErrorId.InvalidImageName, Dockerfile.Error("ARG V=1\nFROM a:'$V'").Id);

    [Fact]
    public void Names_are_case_sensitive() => Assert.Equal("a:x", Dockerfile.Base("ARG v=1\nFROM a:${V:-x}"));

    [Fact]
    public void FROM_does_not_use_arguments_of_a_stage() =>
        Assert.Equal(["one", "two:x"], Dockerfile.All("FROM one\nARG V=1\nFROM two:${V:-x}"));

    [Theory]
    [InlineData("FROM $A")]
    [InlineData("ARG A\nFROM ${A}")]
    [InlineData("FROM ''")]
    public void Blank_base_is_an_error(string dockerfile)
    {
        var error = Dockerfile.Error(dockerfile);

        Assert.Contains("is empty after expansion", error.Message, StringComparison.Ordinal);
        Assert.Equal(dockerfile.Split('\n').Length, error.Location!.Line);
        Assert.Contains("ARG NAME=DEFAULT", error.RecommendedAction, StringComparison.Ordinal);
    }

    [Fact]
    public void Required_argument_says_why()
    {
        var error = Dockerfile.Error("ARG V\nFROM alpine:${V:?choose-a-version}");

        Assert.Contains("the variable 'V' is not set: 'choose-a-version'", error.Message, StringComparison.Ordinal);
        Assert.Equal(2, error.Location!.Line);
    }

    [Fact]
    public void Arguments_that_multiply_each_other_end_in_an_error()
    {
        var doubling = Enumerable.Range(1, 64).Select(index => $"ARG A{index}=$A{index - 1}$A{index - 1}\n");

        var error = Dockerfile.Error($"ARG A0=aaaa\n{string.Concat(doubling)}FROM $A64");

        Assert.Contains("expand to too many", error.Message, StringComparison.Ordinal);
    }
}

using Crane.CraneFile.Nodes;
using Crane.CraneFile.Variables;

namespace Crane.Core.Tests.Configuration;

/// <summary>Files of variables, as Compose reads them; each value was compared with <c>docker compose config --environment</c>.</summary>
public class EnvFileTests
{
    [Theory]
    [InlineData("A=1", "1")]
    [InlineData("A = 1 ", "1")]
    [InlineData("A: 1", "1")]
    [InlineData("export A=1", "1")]
    [InlineData("  export\tA=1", "1")]
    [InlineData("A=", "")]
    [InlineData("A=# all of it", "# all of it")]
    [InlineData("A=1 # a comment", "1")]
    [InlineData("A=1#2", "1#2")]
    [InlineData("# a comment\n\n  # another\nA=1\n", "1")]
    [InlineData("A=one two", "one two")]
    [InlineData("A='one # two'", "one # two")]
    [InlineData("A='$OUTER ${X'", "$OUTER ${X")]
    [InlineData("A='it\\'s'", "it's")]
    [InlineData("A='a\\nb'", "a\\nb")]
    [InlineData("A=\"a\\nb\"", "a\nb")]
    [InlineData("A=\"a\\tb\\\\\\\"c\\\"\"", "a\tb\\\"c\"")]
    [InlineData("A=\"a\\$OUTER\"", "a$OUTER")]
    [InlineData("A=\"one\ntwo\" # a comment", "one\ntwo")]
    [InlineData("A=a\\nb", "a\\nb")]
    [InlineData("A=${OUTER}.co", "outer.co")]
    [InlineData("A=\"$OUTER\"", "outer")]
    [InlineData("A=${NONE:-default}", "default")]
    [InlineData("B=b\nA=$B", "b")]
    [InlineData("OUTER=inner\nA=$OUTER", "outer")]
    [InlineData("A=1\nA=2", "2")]
    [InlineData("A=1\r\nB=2\r\n", "1")]
    [InlineData("A=1\u00a0", "1")]
    public void HasTheValueThatComposeReads(string text, string value) => Assert.Equal(value, Read(text).Get("A"));

    [Theory]
    [InlineData("=1", 1, 1, CraneErrorId.InvalidValue, "a variable must have a name")]
    [InlineData("B=1\n  A B=1", 2, 5, CraneErrorId.InvalidValue, "'=' must follow the name 'A'")]
    [InlineData("A=\"1\nB=2", 1, 3, CraneErrorId.InvalidValue, "the quote \" is not closed")]
    [InlineData("\nA=s3cret$NONE", 2, 1, CraneErrorId.UndefinedVariable, "the value of A uses a variable that is not set")]
    [InlineData("A=s3cret${NONE:?s3cret}", 1, 1, CraneErrorId.UndefinedVariable, "the value of A uses a variable that is not set")]
    [InlineData("E=\nA=s3cret$E", 2, 1, CraneErrorId.EmptyVariable, "the value of A uses a variable that is set but empty")]
    [InlineData("A=s3cret${x", 1, 1, CraneErrorId.InvalidInterpolation, "the value of A has a '$', which has no closing brace")]
    public void RefusesWhatIsNoAssignmentWithoutShowingTheValue(string text, int line, int column, CraneErrorId id, string message)
    {
        var error = Assert.Throws<CraneException>(() => Read(text).Get("A"));
        Assert.Equal(id, error.Id);
        Assert.Equal($"/stack/.env:{line}:{column}: {message}.", error.Message);
        Assert.DoesNotContain("s3cret", $"{error.Message} {error.RecommendedAction} {error.Location?.LineText}", StringComparison.Ordinal);
    }

    [Fact]
    public void AnInvalidValueIsNoErrorForOtherVariables() => Assert.Equal("1", Read("PASSWORD=pa$word\nA=1").Get("A"));

    [Fact]
    public void ANameAloneHasTheValueOfTheEnvironment()
    {
        var variables = Read("OUTER\nNONE\nA=1");
        Assert.Equal("outer", variables.Get("OUTER"));
        Assert.Null(variables.Get("NONE"));
        Assert.Equal("1", variables.Get("A"));
    }

    [Fact]
    public void ALaterFileOverridesAnEarlierOneAndCanUseIt()
    {
        var values = new Dictionary<string, EnvValue>();
        var outer = new GivenVariables(new Dictionary<string, string>());
        EnvFile.Read(new SourceFile("/a.env", "A=1\nB=1", ""), outer, values);
        EnvFile.Read(new SourceFile("/b.env", "B=$A$A", ""), outer, values);
        Assert.Equal("11", new FileVariables(outer, values).Get("B"));
    }

    private static FileVariables Read(string text)
    {
        var values = new Dictionary<string, EnvValue>();
        var outer = new GivenVariables(new Dictionary<string, string> { ["OUTER"] = "outer" });
        EnvFile.Read(new SourceFile("/stack/.env", text, ""), outer, values);
        return new FileVariables(outer, values);
    }
}

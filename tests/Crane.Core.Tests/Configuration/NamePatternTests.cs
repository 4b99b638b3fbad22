using Crane.Names;

namespace Crane.Core.Tests.Configuration;

public sealed class NamePatternTests
{
    [Theory]
    [InlineData("*", "anything")]
    [InlineData("*", "")]
    [InlineData("serv*", "service")]
    [InlineData("SERV*", "service")]
    [InlineData("*db*", "my-db-1")]
    [InlineData("*a*b*c", "xaxbxc")]
    [InlineData("d?", "db")]
    [InlineData("web[0-9]", "web7")]
    [InlineData("web[A-C]", "webb")]
    [InlineData("web[ab-]", "web-")]
    [InlineData("web[^a]", "web^")]
    [InlineData("[\\d]", "d")]
    [InlineData("a.b\n", "a.b\n")]
    [InlineData("`*", "*")]
    [InlineData("a`[b]", "a[b]")]
    [InlineData("web[", "web[")]
    [InlineData("a**b", "ab")]
    public void Name_fits(string pattern, string name) => Assert.True(new NamePattern(pattern).Matches(name));

    [Theory]
    [InlineData("serv", "service")]
    [InlineData("d?", "d")]
    [InlineData("d?", "dbs")]
    [InlineData("web[0-9]", "webx")]
    [InlineData("*a*b", "ba")]
    [InlineData("`*", "x")]
    [InlineData("web[b-a]", "weba")]
    [InlineData("a.b", "axb")]
    [InlineData("a", "a\n")]
    public void Name_does_not_fit(string pattern, string name) => Assert.False(new NamePattern(pattern).Matches(name));

    [Theory]
    [InlineData("a*", true)]
    [InlineData("a?", true)]
    [InlineData("[ab]", true)]
    [InlineData("a`*", false)]
    [InlineData("a[", false)]
    [InlineData("my.app-1", false)]
    public void Wildcards_are_distinguished_from_names(string pattern, bool expected) => Assert.Equal(expected, NamePattern.HasWildcards(pattern));

    [Fact]
    public void Many_stars_do_not_backtrack_for_ever() =>
        Assert.False(new NamePattern(string.Concat(Enumerable.Repeat("a*", 100)) + "b").Matches(new string('a', 10_000)));
}

using Crane.Adapters.Registry.Http;

namespace Crane.Adapters.Tests.Registry;

public sealed class ScopeSetTests
{
    [Fact]
    public void Equal_scopes_are_written_alike() =>
        Assert.Equal(
            ScopeSet.Parse("repository:b:pull repository:a:push,pull").ToString(),
            ScopeSet.Of([new RegistryScope("a", Push: true), new RegistryScope("b", Push: false), new RegistryScope("a", Push: false)]).ToString());

    [Theory]
    [InlineData("repository:a:pull,push", "repository:a:pull", true)]
    [InlineData("repository:a:pull", "repository:a:pull,push", false)]
    [InlineData("repository:a:pull,push repository:b:pull", "repository:b:pull", true)]
    [InlineData("repository:a:pull", "repository:b:pull", false)]
    [InlineData("repository:a:pull", "", true)]
    [InlineData("", "repository:a:pull", false)]
    public void Scopes_for_more_cover_those_for_less(string more, string less, bool covers) =>
        Assert.Equal(covers, ScopeSet.Parse(more).Covers(ScopeSet.Parse(less)));

    [Theory]
    [InlineData("repository:a:pull", "repository:a:push", "repository:a:pull,push")]
    [InlineData("repository:a:pull", "", "repository:a:pull")]
    [InlineData("", "registry:catalog:*", "registry:catalog:*")]
    [InlineData("repository:host:5000/a:pull", "nonsense", "repository:host:5000/a:pull")]
    public void Scopes_are_merged(string some, string others, string all) =>
        Assert.Equal(all, ScopeSet.Parse(some).With(ScopeSet.Parse(others)).ToString());
}

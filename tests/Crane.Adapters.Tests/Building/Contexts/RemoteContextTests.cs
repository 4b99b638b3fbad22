using Crane.Adapters.Contexts;

namespace Crane.Adapters.Tests.Building;

public sealed class RemoteContextTests
{
    [Theory]
    [InlineData("git://host/repo", true)]
    [InlineData("https://github.com/acme/repo.git", true)]
    [InlineData("https://github.com/acme/repo.git#main:docker", true)]
    [InlineData("http://host/repo.git#:folder", true)]
    [InlineData("git@github.com:acme/repo.git#v1", true)]
    [InlineData("github.com/acme/repo", true)]
    [InlineData("https://github.com/acme/repo", false)]
    [InlineData("https://host/repo.git#", false)]
    [InlineData("https://host/context.tar.gz", false)]
    [InlineData("http://host/Dockerfile", false)]
    public void Address_is_passed_to_the_engine(string address, bool isGit)
    {
        var context = RemoteContext.Of(address)!;

        Assert.Equal(isGit, context.IsGit);
        Assert.Equal(address, context.ForEngine());
    }

    [Theory]
    [InlineData("/folder")]
    [InlineData("folder.git")]
    [InlineData(".")]
    public void Folder_is_not_remote(string context) => Assert.Null(RemoteContext.Of(context));

    [Theory]
    [InlineData("ssh://git@host/repo", "-Builder Buildx")]
    [InlineData("ftp://host/context.tar", "http(s)")]
    [InlineData("file:///context", "http(s)")]
    public void Scheme_that_the_engine_does_not_fetch(string address, string advice)
    {
        var error = Assert.Throws<CraneException>(() => RemoteContext.Of(address)!.ForEngine());

        Assert.Equal(CraneErrorId.BuildFailed, error.Id);
        Assert.Contains(advice, error.RecommendedAction, StringComparison.Ordinal);
    }

    [Fact]
    public void Credentials_are_not_shown() =>
        Assert.Equal("https://***@host/repo.git#main", RemoteContext.Of("https://me:secret@host/repo.git#main")!.ToString());
}

using Crane.Errors;

namespace Crane.Core.Tests.Configuration;

public sealed class NearMatchTests
{
    [Theory]
    [InlineData("push", "puhs")]
    [InlineData("push", "Push")]
    [InlineData("push", "pus")]
    [InlineData("image", "imgae")]
    [InlineData("image", "IMAGE")]
    [InlineData("build", "built")]
    [InlineData("requires", "require")]
    [InlineData("pull", "pul1")]
    [InlineData("dockerfile", "docker-file")]
    public void One_or_two_edits_are_near(string key, string typed) => Assert.True(NearMatch.IsNear(key, typed));

    [Theory]
    [InlineData("push", "port")]
    [InlineData("push", "hash")]
    [InlineData("hook", "host")]
    [InlineData("image", "volume")]
    [InlineData("build", "")]
    [InlineData("pull", "pull_policy")]
    public void More_edits_are_far(string key, string typed) => Assert.False(NearMatch.IsNear(key, typed));

    [Fact]
    public void Nearest_comes_first() => Assert.Equal(["push", "pull"], NearMatch.Among(["pull", "push", "image"], "pushl"));
}

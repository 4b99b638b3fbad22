using Crane.Names;

namespace Crane.Core.Tests.Names;

public sealed class RegistryAddressTests
{
    [Theory]
    [InlineData("docker.io", "docker.io")]
    [InlineData("Index.Docker.io", "docker.io")]
    [InlineData("registry-1.docker.io", "docker.io")]
    [InlineData("https://index.docker.io/v1/", "docker.io")]
    [InlineData("R.co:5000", "r.co:5000")]
    [InlineData("http://r.co/team", "r.co")]
    [InlineData("[::1]:5000", "[::1]:5000")]
    [InlineData("r.co", "r.co")]
    public void Host_is_the_same_however_it_is_written(string written, string host) => Assert.Equal(host, RegistryAddress.HostOf(written));

    [Theory]
    [InlineData("R.co/a", "r.co/a:latest", true)]
    [InlineData("index.docker.io/ubuntu", "ubuntu", true)]
    [InlineData("r.co/a", "r.co/a:2", false)]
    [InlineData("r.co/a", "r.co:443/a", false)]
    public void Images_are_the_same_however_their_registry_is_written(string one, string other, bool same) =>
        Assert.Equal(same, ImageName.Parse(one).SameImageKey == ImageName.Parse(other).SameImageKey);
}

using Crane.Adapters.Credentials;

namespace Crane.Adapters.Tests.Credentials;

public sealed class RegistryKeyTests
{
    [Theory]
    [InlineData("docker.io", "https://index.docker.io/v1/")]
    [InlineData("index.docker.io", "https://index.docker.io/v1/")]
    [InlineData("https://index.docker.io/v1/", "https://index.docker.io/v1/")]
    [InlineData("registry.company.co:5000", "registry.company.co:5000")]
    [InlineData("https://Registry.Company.co/v2/", "registry.company.co")]
    [InlineData("[::1]:5000", "[::1]:5000")]
    public void Canonical_key_is_what_docker_login_writes(string registry, string key) =>
        Assert.Equal(key, RegistryKey.Canonical(registry));

    [Theory]
    [InlineData("https://index.docker.io/v1/", "docker.io")]
    [InlineData("registry-1.docker.io", "docker.io")]
    [InlineData("http://registry.company.co", "registry.company.co")]
    [InlineData("https://registry.company.co/v1/", "registry.company.co")]
    [InlineData("registry.company.co/team", "registry.company.co")]
    public void Key_matches_its_registry(string key, string registry) => Assert.True(RegistryKey.Matches(key, registry));

    [Theory]
    [InlineData("registry.company.co", "registry.company.co:5000")]
    [InlineData("registry.company.co.evil.example", "registry.company.co")]
    [InlineData("", "registry.company.co")]
    [InlineData("hub.docker.com", "docker.io")]
    public void Key_of_another_host_does_not_match(string key, string registry) => Assert.False(RegistryKey.Matches(key, registry));
}

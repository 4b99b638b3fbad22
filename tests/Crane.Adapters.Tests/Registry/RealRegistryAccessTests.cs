using Crane.Testing;

namespace Crane.Adapters.Tests.Registry;

/// <summary>Docker's own registry, open and guarded in each of its ways.</summary>
public sealed class RealRegistryAccessTests : IDisposable
{
    private readonly TlsAuthority _authority = new();

    public void Dispose() => _authority.Dispose();

    [Fact]
    public async Task Open_registry_responds()
    {
        await using var registry = await RealRegistry.StartAsync();
        await using var client = new Client();
        Assert.Equal(404, await client.StatusAsync(registry.Host, "/v2/a/manifests/1", "a"));
        Assert.Equal(1, client.RequestCount);
    }

    [Fact]
    public async Task Registry_with_a_password_and_a_private_authority_responds()
    {
        await using var registry = await RealRegistry.StartAsync(wantsPassword: true, tls: new ServerTls(_authority.IssueLoopback()));
        await using var client = new Client().With(registry.Host, Testbed.PersonalUser, Testbed.PersonalPassword).Trusting(registry.Host, _authority);
        Assert.Equal(404, await client.StatusAsync(registry.Host, "/v2/a/manifests/1", "a"));
        Assert.Equal(200, await client.StatusAsync(registry.Host, "/v2/_catalog"));
    }

    [Fact]
    public async Task Tokens_that_expire_after_two_seconds_are_renewed_as_often_as_it_takes()
    {
        var lifetime = TimeSpan.FromSeconds(2);
        await using var tokens = await TokenService.StartAsync(
            new() { Users = [new("bob", "secret")], Lifetime = lifetime, RegistryLeeway = TimeSpan.FromSeconds(60) });
        await using var registry = await RealRegistry.StartAsync(tokens: tokens);
        await using var client = new Client().With(registry.Host, "bob", "secret");
        while (tokens.Grants.Count < 4)
        {
            Assert.Equal(404, await client.StatusAsync(registry.Host, "/v2/a/manifests/1", "a"));
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }
}

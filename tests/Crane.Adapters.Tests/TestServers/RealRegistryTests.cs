using System.Net;
using System.Security.Cryptography.X509Certificates;
using Crane.Testing;

namespace Crane.Adapters.Tests.TestServers;

/// <summary>Docker's own registry, guarded as a test wants it.</summary>
public sealed class RealRegistryTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0, HttpStatusCode.NotFound)] // of the manifest, which is not there
    [InlineData(3, HttpStatusCode.Unauthorized)]
    public async Task Token_is_refused_when_its_lifetime_is_over(int age, HttpStatusCode status)
    {
        await using var tokens = await TokenService.StartAsync(new()
        {
            Lifetime = TimeSpan.FromSeconds(age == 0 ? 60 : 2),
            RegistryLeeway = TimeSpan.FromSeconds(60),
            Clock = new LateClock(TimeSpan.FromSeconds(age)),
        });
        await using var registry = await RealRegistry.StartAsync(tokens: tokens);
        using var client = new HttpClient();
        client.DefaultRequestHeaders.Authorization = new("Bearer", tokens.Issue(Scope.Repository("a/b", "pull")));
        using var response = await client.GetAsync(new Uri(registry.Address, "/v2/a/b/manifests/1"), Cancellation);
        Assert.Equal(status, response.StatusCode);
    }

    [Fact]
    public async Task Clients_must_have_a_certificate()
    {
        using var authority = new TlsAuthority();
        await using var registry = await RealRegistry.StartAsync(
            tls: new(authority.IssueLoopback()) { ClientAuthority = authority });
        await AssertWantsCertificateAsync(registry.Address, authority);
    }

    [Fact]
    public async Task Test_registry_requires_one_too()
    {
        using var authority = new TlsAuthority();
        await using var registry = await TestRegistry.StartAsync(
            new() { Tls = new(authority.IssueLoopback()) { ClientAuthority = authority } });
        await AssertWantsCertificateAsync(registry.Address, authority);
    }

    [Fact]
    public async Task Password_is_required()
    {
        await using var registry = await RealRegistry.StartAsync(wantsPassword: true);
        using var client = new HttpClient();
        using var response = await client.GetAsync(new Uri(registry.Address, "/v2/"), Cancellation);
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    private static async Task AssertWantsCertificateAsync(Uri address, TlsAuthority authority)
    {
        using var stranger = new TlsAuthority();
        using var certificate = authority.Issue("bob");
        using var strange = stranger.Issue("bob");
        Assert.Equal(HttpStatusCode.OK, await GetAsync(address, authority, certificate));
        Assert.Null(await GetAsync(address, authority, strange));
        Assert.Null(await GetAsync(address, authority, null));
    }

    private static async Task<HttpStatusCode?> GetAsync(
        Uri address, TlsAuthority authority, X509Certificate2? certificate)
    {
        using var handler = new SocketsHttpHandler();
        handler.SslOptions.RemoteCertificateValidationCallback = (_, server, _, _) => authority.HasIssued((X509Certificate2)server!);
        if (certificate is not null)
            handler.SslOptions.ClientCertificates = [certificate];
        using var client = new HttpClient(handler);
        try
        {
            using var response = await client.GetAsync(new Uri(address, "/v2/"), Cancellation);
            return response.StatusCode;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    private sealed class LateClock(TimeSpan lateness) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UtcNow - lateness;
    }
}

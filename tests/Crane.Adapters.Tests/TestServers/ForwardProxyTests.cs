using System.Net;
using System.Security.Cryptography.X509Certificates;
using Crane.Testing;

namespace Crane.Adapters.Tests.TestServers;

/// <summary>The forward proxy is one for clients of http and https.</summary>
public sealed class ForwardProxyTests
{
    [Theory]
    [InlineData(false, "PUT")]
    [InlineData(true, "CONNECT")]
    public async Task Requests_go_through_it(bool isSecure, string method)
    {
        using var authority = new TlsAuthority();
        await using var registry = await TestRegistry.StartAsync(
            new() { Tls = isSecure ? new(authority.IssueLoopback()) : null });
        await using var proxy = ForwardProxy.Start(new("eve", "p:w"));
        using var handler = new SocketsHttpHandler { Proxy = new WebProxy(proxy.Address) { Credentials = new NetworkCredential("eve", "p:w") } };
        handler.SslOptions.RemoteCertificateValidationCallback = (_, server, _, _) => authority.HasIssued((X509Certificate2)server!);
        using var seeder = new RegistrySeeder(registry.Address, handler);

        await seeder.PutImageAsync("a/b", "1", "amd64", SampleLayer.Random(1_000_000));

        Assert.Equal(registry.Host, registry.Requests.Like("PUT", "/v2/a/b/manifests/1").Single().Host);
        Assert.Contains(proxy.Requests, request => request.IsAllowed && request.Method == method);
        Assert.Contains(proxy.Requests, request => !request.IsAllowed);
    }
}

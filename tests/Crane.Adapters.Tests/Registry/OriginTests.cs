using System.Net;
using Crane.Testing;

namespace Crane.Adapters.Tests.Registry;

/// <summary>Where a registry is found: the scheme, which nobody writes into a name.</summary>
public sealed class OriginTests : IDisposable
{
    private readonly TlsAuthority _authority = new();

    public void Dispose() => _authority.Dispose();

    [Fact]
    public async Task Loopback_registry_gets_plain_http_at_once_without_a_request_to_find_that_out()
    {
        await using var server = ScriptedServer.Start(ScriptedResponse.Ok("hello"));
        await using var client = new Client();
        Assert.Equal("hello", await client.BodyAsync(server.Host, "/v2/a/manifests/1"));
        Assert.Equal("hello", await client.BodyAsync(server.Host, "/v2/a/manifests/2"));
        Assert.Equal(2, client.RequestCount);
    }

    [Fact]
    public async Task Loopback_registry_with_tls_is_noticed_and_remembered()
    {
        await using var server = ScriptedServer.StartTls(_authority.IssueLoopback(), _ => ScriptedResponse.Ok("hello"));
        await using var client = new Client().Trusting(server.Host, _authority);
        Assert.Equal("hello", await client.BodyAsync(server.Host, "/v2/a/manifests/1"));
        Assert.Equal("hello", await client.BodyAsync(server.Host, "/v2/a/manifests/2"));
        Assert.Equal(3, client.RequestCount);
    }

    [Fact]
    public async Task Loopback_registry_that_returns_400_to_plain_http_is_asked_over_tls()
    {
        // As Go's server does, which speaks both on one port as far as that.
        await using var registry = await TestRegistry.StartAsync(new() { Tls = new ServerTls(_authority.IssueLoopback()) });
        await using var client = new Client().With(new RegistrySetting { RegistryHost = registry.Host, Insecure = true });
        Assert.Equal(200, await client.StatusAsync(registry.Host, "/v2/"));
    }

    [Fact]
    public async Task Loopback_registry_may_return_400_over_plain_http()
    {
        await using var server = ScriptedServer.Start(ScriptedResponse.Status(400, "no"));
        await using var client = new Client();
        Assert.Equal("no", await client.BodyAsync(server.Host, "/v2/a/manifests/1"));
        Assert.Equal("no", await client.BodyAsync(server.Host, "/v2/a/manifests/1"));
    }

    [Fact]
    public async Task First_request_with_a_body_is_not_sent_to_find_out()
    {
        await using var server = ScriptedServer.StartTls(_authority.IssueLoopback(), _ => ScriptedResponse.Status(201));
        await using var client = new Client().Trusting(server.Host, _authority);
        using var response = await client.SendAsync(new(HttpMethod.Put, server.Host, "/v2/a/manifests/1") { Content = () => new StringContent("{}") });
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Equal(["GET /v2/", "PUT /v2/a/manifests/1"], server.Requests.Select(request => request.ToString()));
    }

    [Fact]
    public async Task Requests_at_the_same_time_wait_for_the_first_to_find_out()
    {
        await using var server = ScriptedServer.StartTls(_authority.IssueLoopback(), _ => ScriptedResponse.Ok());
        await using var client = new Client().Trusting(server.Host, _authority);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => client.StatusAsync(server.Host, "/v2/")));
        Assert.Equal(9, client.RequestCount);
    }

    [Fact]
    public async Task Registry_where_nothing_listens_is_an_error_that_names_it()
    {
        var server = ScriptedServer.Start(ScriptedResponse.Ok());
        var host = server.Host;
        await server.DisposeAsync();
        await using var client = new Client();
        var error = await client.ErrorAsync(host);
        Assert.Equal(CraneErrorId.RegistryUnreachable, error.Id);
        Assert.Equal($"The registry '{host}' could not be reached: Connection refused.", error.Message);
        Assert.False(error.IsTransient);
    }
}

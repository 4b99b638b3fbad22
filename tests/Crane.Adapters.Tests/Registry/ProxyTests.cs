using Crane.Adapters.Registry.Http;

namespace Crane.Adapters.Tests.Registry;

/// <summary>Registries behind the proxy that the environment names.</summary>
public sealed class ProxyTests
{
    private const string Registry = "registry.example.com:5000";

    [Theory]
    [InlineData("HTTPS_PROXY")]
    [InlineData("https_proxy")]
    [InlineData("ALL_PROXY")]
    [InlineData("all_proxy")]
    public async Task Registry_with_tls_is_reached_through_a_tunnel(string variable)
    {
        await using var proxy = ScriptedServer.Start(ScriptedResponse.Status(403));
        await using var client = new Client().WithVariable(variable, proxy.Host);
        var error = await client.ErrorAsync(Registry);
        Assert.StartsWith($"The registry '{Registry}' could not be reached through the proxy '{proxy.Host}' of {variable}: ", error.Message, StringComparison.Ordinal);
        Assert.Equal($"CONNECT {Registry}", Assert.Single(proxy.Requests).ToString());
    }

    [Fact]
    public async Task Registry_in_plain_http_is_asked_for_at_the_proxy()
    {
        await using var proxy = ScriptedServer.Start(request =>
            request.Method == "CONNECT" ? ScriptedResponse.Status(403) : ScriptedResponse.Ok(request.Target));
        await using var client = new Client().WithVariable("HTTPS_PROXY", $"http://{proxy.Host}").WithVariable("HTTP_PROXY", $"http://{proxy.Host}")
            .With(new RegistrySetting { RegistryHost = Registry, Insecure = true });
        Assert.Equal($"http://{Registry}/v2/", await client.BodyAsync(Registry, "/v2/"));
    }

    [Fact]
    public async Task Proxys_password_is_sent_to_it_and_not_shown()
    {
        await using var proxy = ScriptedServer.Start(request => request.Headers.ContainsKey("Proxy-Authorization")
            ? ScriptedResponse.Status(502) : ScriptedResponse.Status(407, "", "Proxy-Authenticate: Basic realm=\"p\""));
        await using var client = new Client().WithVariable("HTTPS_PROXY", $"http://bob:s%40cret@{proxy.Host}");
        var error = await client.ErrorAsync(Registry);
        Assert.Equal("Basic Ym9iOnNAY3JldA==", proxy.Requests.Last().Headers["Proxy-Authorization"]);
        Assert.DoesNotContain("cret", $"{error}{client.Trace}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Loopback_registry_is_never_proxied()
    {
        await using var proxy = ScriptedServer.Start(ScriptedResponse.Ok("proxy"));
        await using var registry = ScriptedServer.Start(ScriptedResponse.Ok("registry"));
        await using var client = new Client().WithVariable("HTTP_PROXY", proxy.Host).WithVariable("HTTPS_PROXY", proxy.Host);
        Assert.Equal("registry", await client.BodyAsync(registry.Host, "/v2/"));
        Assert.Equal("registry", await client.BodyAsync($"localhost:{registry.Port}", "/v2/"));
    }

    [Theory]
    [InlineData("ftp://bob:secret@proxy")]
    [InlineData("htp://proxy:3128")]
    [InlineData("http:/proxy:3128")]
    [InlineData("http//proxy:3128")]
    [InlineData("http:proxy:3128")]
    [InlineData("http://")]
    [InlineData("proxy:")]
    [InlineData("proxy:3128:x")]
    [InlineData("proxy:port")]
    [InlineData("proxy/path")]
    [InlineData("http://proxy:3128?x")]
    [InlineData("http://xn--\u00e9")]
    [InlineData("pro xy")]
    public async Task Variable_that_is_no_proxy_is_an_error_that_names_it(string value)
    {
        await using var client = new Client().WithVariable("https_proxy", value);
        var error = await client.ErrorAsync(Registry);
        Assert.Equal(CraneErrorId.InvalidValue, error.Id);
        Assert.Equal("https_proxy is not the address of a proxy.", error.Message);
    }

    // After the tests of golang.org/x/net/http/httpproxy.
    [Theory]
    [InlineData("", "https://localhost", true)]
    [InlineData("", "https://127.0.0.1", true)]
    [InlineData("", "https://127.0.0.2:5000", true)]
    [InlineData("", "https://[::1]", true)]
    [InlineData("", "https://[::2]", false)]
    [InlineData("", "https://example.com", false)]
    [InlineData("*", "https://example.com", true)]
    [InlineData("example.com", "https://example.com:123", true)]
    [InlineData("example.com", "https://www.example.com", true)]
    [InlineData("example.com", "https://notexample.com", false)]
    [InlineData(".example.com", "https://www.example.com", true)]
    [InlineData(".example.com", "https://example.com", false)]
    [InlineData("*.example.com", "https://www.example.com", true)]
    [InlineData("*.example.com", "https://example.com", false)]
    [InlineData("example.com:443", "https://example.com", true)]
    [InlineData("example.com:443", "https://example.com:5000", false)]
    [InlineData("example.com:80", "http://example.com", true)]
    [InlineData("EXAMPLE.COM", "https://example.com", true)]
    [InlineData("foo, ,  example.com ,", "https://example.com", true)]
    [InlineData("192.168.1.1", "https://192.168.1.1", true)]
    [InlineData("192.168.1.1", "https://192.168.1.10", false)]
    [InlineData("192.168.1.1:5000", "https://192.168.1.1:5000", true)]
    [InlineData("192.168.1.1:5000", "https://192.168.1.1", false)]
    [InlineData("192.168.1.0/24", "https://192.168.1.17:5000", true)]
    [InlineData("192.168.1.0/24", "https://192.168.2.17", false)]
    [InlineData("10.1.2.3/8", "https://10.200.0.1", true)]
    [InlineData("fe80::/64", "https://[fe80::1]", true)]
    [InlineData("[2001:db8::52:0:1]", "https://[2001:db8::52:0:1]", true)]
    [InlineData("2001:db8::52:0:1", "https://[2001:db8::52:0:1]:5000", true)]
    [InlineData("[2001:db8::52:0:1]:443", "https://[2001:db8::52:0:1]:66", false)]
    [InlineData(":443", "https://example.com", false)]
    [InlineData("10.0.0.0/99", "https://10.0.0.1", false)]
    public void No_proxy_has_the_forms_of_go(string list, string address, bool isCovered) =>
        Assert.Equal(isCovered, new ProxyExceptions(list).Covers(new Uri(address)));
}

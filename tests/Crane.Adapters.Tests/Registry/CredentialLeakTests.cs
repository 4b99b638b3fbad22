using System.Net;
using Crane.Adapters.Registry.Http;
using Crane.Testing;

namespace Crane.Adapters.Tests.Registry;

/// <summary>Credentials are shown to the registry that they are for, and to nobody else.</summary>
public sealed class CredentialLeakTests : IDisposable
{
    private readonly TlsAuthority _authority = new();

    public void Dispose() => _authority.Dispose();

    [Fact]
    public async Task Nothing_is_shown_before_the_registry_asks()
    {
        await using var registry = ScriptedServer.Start(ScriptedResponse.Ok());
        await using var client = new Client().With(registry.Host, "bob", "secret");
        await client.StatusAsync(registry.Host, "/v2/a/manifests/1", "a");
        Assert.Null(Assert.Single(registry.Requests).Authorization);
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(303)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task Redirect_to_another_host_gets_nothing(int status)
    {
        await using var storage = ScriptedServer.Start(ScriptedResponse.Ok("blob"));
        await using var registry = Basic(_ => ScriptedResponse.Redirect($"http://{storage.Host}/blob?sig=x", status));
        await using var client = new Client().With(registry.Host, "bob", "secret").With(storage.Host, "bob", "other");
        Assert.Equal("blob", await client.BodyAsync(registry.Host, "/v2/a/blobs/x", "a"));
        Assert.Null(Assert.Single(storage.Requests).Authorization);
    }

    [Fact]
    public async Task Redirect_to_another_port_or_name_of_the_same_machine_gets_nothing()
    {
        await using var storage = ScriptedServer.Start(ScriptedResponse.Ok("blob"));
        await using var registry = Basic(_ => ScriptedResponse.Redirect($"http://localhost:{storage.Port}/blob"));
        await using var client = new Client().With(registry.Host, "bob", "secret");
        Assert.Equal("blob", await client.BodyAsync(registry.Host, "/v2/a/blobs/x", "a"));
        Assert.Null(Assert.Single(storage.Requests).Authorization);
    }

    [Fact]
    public async Task Redirect_within_the_registry_gets_the_credential()
    {
        await using var registry = Basic(request => request.Target == "/there" ? ScriptedResponse.Ok("blob") : ScriptedResponse.Redirect("/there"));
        await using var client = new Client().With(registry.Host, "bob", "secret");
        Assert.Equal("blob", await client.BodyAsync(registry.Host, "/v2/a/blobs/x", "a"));
    }

    [Fact]
    public async Task Redirect_back_to_the_registry_gets_the_credential_again()
    {
        ScriptedServer? registry = null;
        await using var detour = ScriptedServer.Start(_ => ScriptedResponse.Redirect($"http://{registry!.Host}/there"));
        await using (registry = Basic(request => request.Target == "/there" ? ScriptedResponse.Ok("blob") : ScriptedResponse.Redirect($"http://{detour.Host}/")))
        {
            await using var client = new Client().With(registry.Host, "bob", "secret");
            Assert.Equal("blob", await client.BodyAsync(registry.Host, "/v2/a/blobs/x", "a"));
            Assert.Null(Assert.Single(detour.Requests).Authorization);
        }
    }

    [Fact]
    public async Task Host_that_a_redirect_leads_to_may_not_ask_for_the_credential()
    {
        await using var storage = ScriptedServer.Start(ScriptedResponse.Unauthorized("Basic realm=\"give\""));
        await using var registry = Basic(_ => ScriptedResponse.Redirect($"http://{storage.Host}/blob"));
        await using var client = new Client().With(registry.Host, "bob", "secret");
        var error = await client.ErrorAsync(registry.Host, "/v2/a/blobs/x", "a");
        Assert.Equal($"The registry '{registry.Host}' redirects to '{storage.Host}', which returned 401 Status.", error.Message);
        Assert.All(storage.Requests, request => Assert.Null(request.Authorization));
    }

    [Fact]
    public async Task Address_of_another_host_that_a_response_gave_gets_nothing()
    {
        await using var storage = ScriptedServer.Start(ScriptedResponse.Status(201));
        await using var registry = Basic(_ => ScriptedResponse.Ok());
        await using var client = new Client().With(registry.Host, "bob", "secret");
        await client.StatusAsync(registry.Host, "/v2/", "a");
        using var response = await client.SendAsync(new(HttpMethod.Put, registry.Host, $"http://{storage.Host}/upload")
        {
            Scopes = [new RegistryScope("a", Push: true)],
            Content = () => new StringContent("blob"),
        });
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Null(Assert.Single(storage.Requests).Authorization);
    }

    [Fact]
    public async Task Registrys_own_address_gets_the_credential_though_it_says_http_for_https()
    {
        await using var registry = ScriptedServer.StartTls(_authority.IssueLoopback(), request =>
            request.Authorization is null ? ScriptedResponse.Unauthorized("Basic realm=\"r\"") : ScriptedResponse.Ok(request.Target));
        await using var client = new Client().With(registry.Host, "bob", "secret").Trusting(registry.Host, _authority);
        await client.StatusAsync(registry.Host, "/v2/");
        Assert.Equal("/upload?_state=x", await client.BodyAsync(registry.Host, $"http://{registry.Host}/upload?_state=x"));
    }

    [Fact]
    public async Task Redirect_without_encryption_is_not_followed()
    {
        await using var registry = Basic(_ => ScriptedResponse.Redirect("http://storage.example.com/blob"));
        await using var client = new Client().With(registry.Host, "bob", "secret");
        var error = await client.ErrorAsync(registry.Host, "/v2/a/blobs/x", "a");
        Assert.Equal(CraneErrorId.RegistryUnreachable, error.Id);
        Assert.Equal($"The registry '{registry.Host}' redirects to 'storage.example.com' without encryption.", error.Message);
    }

    [Theory]
    [InlineData("https://r.io", "http://127.0.0.1:80/", false, false)]
    [InlineData("http://r.io", "http://[::1]/", true, false)]
    [InlineData("http://127.0.0.1:5000", "http://localhost/", false, true)]
    [InlineData("http://r.io", "http://storage.io/", true, true)]
    [InlineData("https://r.io", "http://storage.io/", false, false)]
    public void Only_a_registry_of_this_machine_may_send_us_to_what_else_runs_on_it(string origin, string address, bool isInsecure, bool isAllowed) =>
        Assert.Equal(isAllowed, RegistryOrigin.MayBePlain(new Uri(origin), new Uri(address), isInsecure));

    [Theory]
    [InlineData("//")]
    [InlineData("http://[")]
    [InlineData("http://xn--\u00e9/")]
    [InlineData("http://host:99999/")]
    public async Task Redirect_to_an_invalid_address_is_an_error(string location)
    {
        await using var registry = ScriptedServer.Start(ScriptedResponse.Redirect(location));
        await using var client = new Client();
        var error = await client.ErrorAsync(registry.Host, "/v2/a/blobs/x", "a");
        Assert.Equal(CraneErrorId.RegistryUnreachable, error.Id);
        Assert.Equal($"The registry '{registry.Host}' redirects to an invalid address.", error.Message);
    }

    [Fact]
    public async Task Token_service_without_encryption_gets_nothing_from_a_registry_with()
    {
        await using var tokens = ScriptedServer.Start(ScriptedResponse.Ok("""{"token":"t"}"""));
        await using var registry = ScriptedServer.StartTls(
            _authority.IssueLoopback(), _ => ScriptedResponse.Unauthorized($"Bearer realm=\"http://{tokens.Host}/token\""));
        await using var client = new Client().With(registry.Host, "bob", "secret").Trusting(registry.Host, _authority);
        var error = await client.ErrorAsync(registry.Host, "/v2/a/manifests/1", "a");
        Assert.Equal(CraneErrorId.RegistryUnauthorized, error.Id);
        Assert.Contains("over plain http", error.Message, StringComparison.Ordinal);
        Assert.Empty(tokens.Requests);
    }

    [Theory]
    [InlineData("http://tokens.example.com/token")]
    [InlineData("ftp://127.0.0.1/token")]
    [InlineData("file:///etc/passwd")]
    [InlineData("/token")]
    [InlineData("//")]
    [InlineData("http://[")]
    [InlineData("http://xn--\u00e9/")]
    [InlineData("")]
    public async Task Token_service_of_a_remote_host_gets_nothing_in_plain_http(string realm)
    {
        await using var registry = ScriptedServer.Start(ScriptedResponse.Unauthorized($"Bearer realm=\"{realm}\""));
        await using var client = new Client().With(registry.Host, "bob", "secret");
        var error = await client.ErrorAsync(registry.Host, "/v2/a/manifests/1", "a");
        Assert.Equal(CraneErrorId.RegistryUnauthorized, error.Id);
        Assert.Equal(1, client.RequestCount);
    }

    [Fact]
    public async Task Token_service_that_redirects_is_not_followed()
    {
        await using var other = ScriptedServer.Start(ScriptedResponse.Ok("""{"token":"t"}"""));
        await using var tokens = ScriptedServer.Start(ScriptedResponse.Redirect($"http://{other.Host}/token"));
        await using var registry = ScriptedServer.Start(ScriptedResponse.Unauthorized($"Bearer realm=\"http://{tokens.Host}/token\""));
        await using var client = new Client().With(registry.Host, "bob", "secret");
        var error = await client.ErrorAsync(registry.Host, "/v2/a/manifests/1", "a");
        Assert.Contains("returned no token: 307", error.Message, StringComparison.Ordinal);
        Assert.Empty(other.Requests);
    }

    [Fact]
    public async Task Neither_trace_nor_error_has_a_secret()
    {
        await using var tokens = ScriptedServer.Start(
            ScriptedResponse.Ok("""{"token":"t0ken-value"}"""), ScriptedResponse.Status(401, """{"details":"no"}"""));
        await using var registry = ScriptedServer.Start(request => request.Authorization is null
            ? ScriptedResponse.Unauthorized($"Bearer realm=\"http://{tokens.Host}/token\"")
            : ScriptedResponse.Redirect($"http://user:pa55@localhost:{tokens.Port}/blob?X-Amz-Signature=s1gned&n=3"));
        await using var client = new Client().With(registry.Host, "bob", "s3cret");
        var error = await client.ErrorAsync(registry.Host, "/v2/a/blobs/x?_state=st4te", "a");
        var told = $"{client.Trace}\n{error}\n{error.RecommendedAction}";
        Assert.All(["t0ken-value", "s3cret", "s1gned", "st4te", "pa55"], secret => Assert.DoesNotContain(secret, told, StringComparison.Ordinal));
        Assert.Contains($"GET http://{registry.Host}/v2/a/blobs/x?_state=… → 307, 0 bytes", client.Trace, StringComparison.Ordinal);
        Assert.Contains("/blob?X-Amz-Signature=…&n=3 → 401", client.Trace, StringComparison.Ordinal);
    }

    /// <summary>A registry that requires a password, and responds like this to those who have it.</summary>
    private static ScriptedServer Basic(Func<ScriptedRequest, ScriptedResponse> respond) => ScriptedServer.Start(request =>
        request.Authorization == "Basic Ym9iOnNlY3JldA==" ? respond(request) : ScriptedResponse.Unauthorized("Basic realm=\"r\""));
}

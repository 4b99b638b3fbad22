using System.Net;
using System.Text.Json.Nodes;
using Crane.Adapters.Registry;
using Crane.Adapters.Registry.Http;
using Crane.Testing;

namespace Crane.Adapters.Tests.Registry;

/// <summary>A credential is kept only where its registry takes it.</summary>
public sealed class RegistryLoginsTests : IDisposable
{
    private readonly TemporaryFolder _home = new();
    private readonly RegistryClients _clients = new(TimeSpan.FromMinutes(5));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string ConfigPath => Path.Combine(_home.Path, ".docker", "config.json");

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task Password_that_the_registry_accepts_is_kept()
    {
        await using var registry = await TestRegistry.StartAsync(new() { Users = [new("bob", "secret")] });
        var outcome = await LogInAsync(registry.Host, "secret");
        Assert.Equal((registry.Host, "bob", ConfigPath), (outcome.Login!.Registry, outcome.Login.UserName, outcome.Login.Store));
        Assert.Contains("unencrypted", Assert.Single(outcome.Warnings), StringComparison.Ordinal);
        Assert.Equal("""{"auth":"Ym9iOnNlY3JldA=="}""", Entry(registry.Host));
    }

    [Fact]
    public async Task Password_that_the_registry_refuses_is_not_kept()
    {
        await using var registry = await TestRegistry.StartAsync(new() { Users = [new("bob", "secret")] });
        var error = await Assert.ThrowsAsync<CraneException>(() => LogInAsync(registry.Host, "guess"));
        Assert.Equal(CraneErrorId.RegistryUnauthorized, error.Id);
        Assert.StartsWith($"The registry '{registry.Host}' refused the user 'bob': 401", error.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(ConfigPath));
    }

    [Fact]
    public async Task Token_service_checks_it_and_its_identity_token_is_kept_in_place_of_the_password()
    {
        await using var tokens = await TokenService.StartAsync(new() { Users = [new("bob", "secret")] });
        await using var registry = await TestRegistry.StartAsync(new() { Tokens = tokens });
        await LogInAsync(registry.Host, "secret");
        var asked = Assert.Single(tokens.Requests.All);
        Assert.Equal("/token?service=test-registry&account=bob&offline_token=true&client_id=crane", asked.Path + asked.Query);
        Assert.DoesNotContain("Ym9iOnNlY3JldA", Entry(registry.Host), StringComparison.Ordinal);

        // What is kept opens the registry.
        await using var client = new Client().WithAuth(registry.Host, Entry(registry.Host));
        Assert.Equal(404, await client.StatusAsync(registry.Host, "/v2/a/manifests/1", "a"));
    }

    [Fact]
    public async Task Token_service_that_gives_no_identity_token_has_the_password_kept()
    {
        await using var tokens = ScriptedServer.Start(ScriptedResponse.Ok("""{"token":"t"}"""));
        await using var registry = ScriptedServer.Start(ScriptedResponse.Unauthorized($"Bearer realm=\"http://{tokens.Host}/token\",scope=\"repository:x:pull\""));
        await LogInAsync(registry.Host, "secret");
        Assert.Equal("""{"auth":"Ym9iOnNlY3JldA=="}""", Entry(registry.Host));
        Assert.DoesNotContain("scope", Assert.Single(tokens.Requests).Target, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Token_service_that_refuses_it_has_it_not_kept()
    {
        await using var tokens = await TokenService.StartAsync(new() { Users = [new("bob", "secret")], AllowsAnonymousPull = true });
        await using var registry = await TestRegistry.StartAsync(new() { Tokens = tokens });
        var error = await Assert.ThrowsAsync<CraneException>(() => LogInAsync(registry.Host, "guess"));
        Assert.Equal(CraneErrorId.RegistryUnauthorized, error.Id);
        Assert.False(File.Exists(ConfigPath));
    }

    [Fact]
    public async Task Registry_that_asks_for_nothing_is_a_warning()
    {
        await using var registry = await TestRegistry.StartAsync();
        var outcome = await LogInAsync(registry.Host, "secret");
        Assert.Contains($"The registry '{registry.Host}' requires no credential, so this one was not checked.", outcome.Warnings);
        Assert.All(registry.Requests.All, request => Assert.Null(request.Authorization));
    }

    [Fact]
    public async Task What_is_no_registry_is_an_error()
    {
        await using var server = ScriptedServer.Start(ScriptedResponse.Status(404));
        var error = await Assert.ThrowsAsync<CraneException>(() => LogInAsync(server.Host, "secret"));
        Assert.Equal(CraneErrorId.RegistryUnreachable, error.Id);
        Assert.Equal($"The registry '{server.Host}' returned 404 Status for /v2/, so it is not a registry.", error.Message);
    }

    [Fact]
    public async Task Name_is_accepted_as_people_and_docker_write_it()
    {
        await using var registry = await TestRegistry.StartAsync(new() { Users = [new("bob", "secret")] });
        Assert.Equal(registry.Host, (await LogInAsync($"http://{registry.Host}/v2/", "secret")).Login!.Registry);
        Assert.Equal(CraneErrorId.InvalidRegistry, (await Assert.ThrowsAsync<CraneException>(() => LogInAsync("my_registry.co", "x"))).Id);
    }

    [Fact]
    public async Task Private_authority_is_trusted_where_it_is_given()
    {
        using var authority = new TlsAuthority();
        await using var registry = await TestRegistry.StartAsync(new() { Users = [new("bob", "secret")], Tls = new(authority.IssueLoopback()) });
        var request = new LoginRequest(registry.Host, new NetworkCredential("bob", "secret")) { CertificateAuthority = _home.Write("ca.crt", authority.Pem) };
        await Logins().LogInAsync(request, Cancellation);
        Assert.Equal(
            CraneErrorId.RegistryUnreachable,
            (await Assert.ThrowsAsync<CraneException>(() => LogInAsync(registry.Host, "secret"))).Id);
    }

    [Fact]
    public async Task Logging_out_forgets_it_and_says_what_still_wins()
    {
        await using var registry = await TestRegistry.StartAsync(new() { Users = [new("bob", "secret")] });
        await LogInAsync(registry.Host, "secret");
        var variable = ("DOCKER_AUTH_CONFIG", $"{{\"auths\":{{\"{registry.Host}\":{{\"auth\":\"eDp5\"}}}}}}");
        var outcome = await Logins(variable).LogOutAsync(registry.Host, Cancellation);
        Assert.Equal("bob", outcome.Login!.UserName);
        Assert.StartsWith("The variable DOCKER_AUTH_CONFIG has a credential", Assert.Single(outcome.Warnings), StringComparison.Ordinal);
        var again = await Logins().LogOutAsync(registry.Host, Cancellation);
        Assert.Null(again.Login);
        Assert.Equal([$"No credential is stored for '{registry.Host}'."], again.Warnings);
    }

    private Task<LoginOutcome> LogInAsync(string registry, string password) =>
        Logins().LogInAsync(new LoginRequest(registry, new NetworkCredential("bob", password)), Cancellation);

    private RegistryLogins Logins(params (string Name, string Value)[] variables) => new(TestEnvironment.Of(_home, variables), _clients);

    private string Entry(string registry) => JsonNode.Parse(File.ReadAllText(ConfigPath))!["auths"]![registry]!.ToJsonString();
}

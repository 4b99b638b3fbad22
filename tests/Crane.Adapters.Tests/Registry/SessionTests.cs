using System.Net;
using Crane.Adapters.Credentials;
using Crane.Adapters.Registry;
using Crane.Adapters.Registry.Http;
using Crane.Testing;

namespace Crane.Adapters.Tests.Registry;

/// <summary>What a session keeps of registries from one cmdlet to the next, and what it reads again each time.</summary>
public sealed class SessionTests : IDisposable
{
    private readonly TemporaryFolder _home = new();
    private readonly RegistryClients _clients = new(TimeSpan.FromMinutes(5));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task Five_cmdlets_ask_the_helper_once_and_connect_once()
    {
        await using var tokens = await TokenService.StartAsync(new() { Users = [new("bob", "secret")] });
        await using var registry = await TestRegistry.StartAsync(new() { Tokens = tokens });
        KeepInHelper("secret");
        for (var cmdlet = 0; cmdlet < 5; cmdlet++)
            Assert.Equal(404, await StatusAsync(registry.Host));
        Assert.Single(HelperCalls());
        Assert.Single(tokens.Grants);
        Assert.Single(registry.Requests.All, request => request.Status == 401);
    }

    [Fact]
    public async Task Connections_with_TLS_are_kept()
    {
        using var authority = new TlsAuthority();
        var handshakes = 0;
        await using var registry = ScriptedServer.StartTls(
            authority.IssueLoopback(), _ => ScriptedResponse.Ok(), () => Interlocked.Increment(ref handshakes));
        var setting = new RegistrySetting { RegistryHost = registry.Host, CertificateAuthority = _home.Write("ca.crt", authority.Pem) };
        for (var cmdlet = 0; cmdlet < 3; cmdlet++)
            Assert.Equal(200, await StatusAsync(registry.Host, setting));
        Assert.Equal(1, handshakes);
    }

    [Fact]
    public async Task Authority_or_setting_that_has_changed_counts_at_once()
    {
        using var authority = new TlsAuthority();
        using var other = new TlsAuthority();
        await using var registry = ScriptedServer.StartTls(authority.IssueLoopback(), _ => ScriptedResponse.Ok());
        var setting = new RegistrySetting { RegistryHost = registry.Host, CertificateAuthority = _home.Write("ca.crt", authority.Pem) };
        Assert.Equal(200, await StatusAsync(registry.Host, setting));
        await File.WriteAllTextAsync(setting.CertificateAuthority, $"{other.Pem}\n", Cancellation);
        await Assert.ThrowsAsync<CraneException>(() => StatusAsync(registry.Host, setting));
        Assert.Equal(200, await StatusAsync(registry.Host, setting with { Insecure = true }));
    }

    [Fact]
    public async Task Credential_that_is_given_counts_at_once_and_only_where_it_is_given()
    {
        await using var registry = await TestRegistry.StartAsync(new() { Users = [new("bob", "secret"), new("eve", "other")] });
        Assert.Equal(404, await StatusAsync(registry.Host, given: new("bob", "secret")));
        Assert.Equal(404, await StatusAsync(registry.Host, given: new("eve", "other")));
        await Assert.ThrowsAsync<CraneException>(() => StatusAsync(registry.Host, given: new("eve", "wrong")));
        await Assert.ThrowsAsync<CraneException>(() => StatusAsync(registry.Host));
        Assert.Equal(
            ["eve:other", "bob:secret"],
            registry.Requests.All.Where(request => request.Status == 404).Select(request => Password(request.Authorization!)).Reverse());
    }

    [Fact]
    public async Task Logging_in_and_out_counts_at_once()
    {
        await using var registry = await TestRegistry.StartAsync(new() { Users = [new("bob", "secret"), new("eve", "other")] });
        await LogInAsync(registry.Host, "bob", "secret");
        Assert.Equal(404, await StatusAsync(registry.Host));
        await LogInAsync(registry.Host, "eve", "other");
        Assert.Equal(404, await StatusAsync(registry.Host));
        Assert.Equal("eve:other", Password(registry.Requests.All[^1].Authorization!));
        await Logins.LogOutAsync(registry.Host, Cancellation);
        await Assert.ThrowsAsync<CraneException>(() => StatusAsync(registry.Host));
    }

    [Fact]
    public async Task Configuration_that_another_program_has_changed_counts_at_once()
    {
        await using var registry = await TestRegistry.StartAsync(new() { Users = [new("bob", "secret"), new("eve", "other")] });
        foreach (var login in (string[])["bob:secret", "eve:other"])
        {
            var auth = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(login));
            _home.Write(".docker/config.json", $"{{\"auths\":{{\"{registry.Host}\":{{\"auth\":\"{auth}\"}}}}}}");
            Assert.Equal(404, await StatusAsync(registry.Host));
            Assert.Equal(login, Password(registry.Requests.All[^1].Authorization!));
        }
    }

    [Fact]
    public async Task Login_that_has_changed_in_a_helper_is_found_when_the_old_one_is_refused()
    {
        var secret = "old";
        await using var registry = ScriptedServer.Start(request => request.Authorization is { } sent && Password(sent) == $"bob:{secret}"
            ? ScriptedResponse.Ok() : ScriptedResponse.Unauthorized("Basic realm=\"r\""));
        KeepInHelper("old");
        Assert.Equal(200, await StatusAsync(registry.Host));
        (secret, var config) = ("new", File.GetLastWriteTimeUtc(Path.Combine(_home.Path, ".docker", "config.json")));
        KeepInHelper("new");
        File.SetLastWriteTimeUtc(Path.Combine(_home.Path, ".docker", "config.json"), config);
        Assert.Equal(200, await StatusAsync(registry.Host));
        Assert.Equal(2, HelperCalls().Length);
    }

    [Fact]
    public async Task Credential_that_was_refused_is_asked_for_again()
    {
        await using var registry = ScriptedServer.Start(ScriptedResponse.Unauthorized("Basic realm=\"r\""));
        KeepInHelper("secret");
        for (var cmdlet = 0; cmdlet < 2; cmdlet++)
            await Assert.ThrowsAsync<CraneException>(() => StatusAsync(registry.Host));
        Assert.Equal(2, HelperCalls().Length);
    }

    [Fact]
    public async Task Nothing_is_kept_forever()
    {
        await using var registry = await TestRegistry.StartAsync(new() { Users = [new("bob", "secret")] });
        KeepInHelper("secret");
        var clients = new RegistryClients(TimeSpan.FromMinutes(5), time: new InstantTimers());
        Assert.Equal(404, await StatusAsync(registry.Host, clients: clients));
        Assert.Equal(404, await StatusAsync(registry.Host, clients: clients));
        Assert.Equal(2, HelperCalls().Length);
    }

    private RegistryLogins Logins => new(TestEnvironment.Of(_home), _clients);

    private static string Password(string authorization) =>
        System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(authorization.Split(' ')[1]));

    private Task<LoginOutcome> LogInAsync(string registry, string user, string password) =>
        Logins.LogInAsync(new LoginRequest(registry, new NetworkCredential(user, password)), Cancellation);

    /// <summary>The status that one cmdlet gets.</summary>
    private async Task<int> StatusAsync(
        string registry, RegistrySetting? setting = null, NetworkCredential? given = null, RegistryClients? clients = null)
    {
        var environment = TestEnvironment.Of(_home, ("PATH", $"{_home.Path}:/usr/bin:/bin"));
        using var credentials = new RegistryCredentials(given is null ? [] : new Dictionary<string, NetworkCredential> { [registry] = given }, environment);
        await using var http = new RegistryHttp(clients ?? _clients, credentials, environment, setting is null ? [] : [setting]);
        using var response = await http.SendAsync(Client.Reading(registry, "/v2/a/manifests/1", "a"), Cancellation);
        return (int)response.StatusCode;
    }

    private void KeepInHelper(string secret)
    {
        _home.WriteProgram("docker-credential-test", """echo "$1" >> "$0.log"; cat "$0.json" """);
        _home.Write("docker-credential-test.json", $$"""{"Username":"bob","Secret":"{{secret}}"}""");
        _home.Write(".docker/config.json", """{"credsStore":"test"}""");
    }

    private string[] HelperCalls() => File.ReadAllLines(Path.Combine(_home.Path, "docker-credential-test.log"));

    /// <summary>A clock on which a while is over at once.</summary>
    private sealed class InstantTimers : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            new Instant(callback, state, base.CreateTimer(callback, state, dueTime, period));

        private sealed class Instant(TimerCallback callback, object? state, ITimer timer) : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period)
            {
                if (dueTime != TimeSpan.FromMinutes(5))
                    return timer.Change(dueTime, period);
                callback(state);
                return true;
            }

            public void Dispose() => timer.Dispose();

            public ValueTask DisposeAsync() => timer.DisposeAsync();
        }
    }
}

using System.Net;
using Crane.Adapters.Credentials;
using Crane.Adapters.Registry.Http;
using Crane.Testing;

namespace Crane.Adapters.Tests.Registry;

/// <summary>A client of registries in an environment of its own, as tests need it.</summary>
internal sealed class Client : IAsyncDisposable
{
    private readonly TemporaryFolder _home = new();
    private readonly Dictionary<string, NetworkCredential> _given = [];
    private readonly Dictionary<string, string> _variables = [];
    private readonly List<string> _trace = [];
    private readonly List<string> _steps = [];
    private RegistryCredentials? _credentials;
    private RegistryHttp? _http;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public List<RegistrySetting> Settings { get; } = [];

    public RegistryTimeouts Timeouts { get; init; } = new();

    /// <summary>The clock. Pauses are over at once by default.</summary>
    public TimeProvider Time { get; init; } = new InstantTime();

    public TemporaryFolder Home => _home;

    public int RequestCount => Http.RequestCount;

    /// <summary>All that was traced, one line each.</summary>
    public string Trace
    {
        get
        {
            lock (_trace)
                return string.Join('\n', _trace);
        }
    }

    /// <summary>What a user is told that waits, a sentence a line.</summary>
    public string Steps
    {
        get
        {
            lock (_steps)
                return string.Join('\n', _steps);
        }
    }

    private RegistryHttp Http => _http ??= Open();

    public Client With(string registry, string user, string password)
    {
        _given[registry] = new NetworkCredential(user, password);
        return this;
    }

    public Client With(RegistrySetting setting)
    {
        Settings.Add(setting);
        return this;
    }

    /// <summary>Trusts an authority for a registry, as the crane file's <c>registries.HOST.ca</c>.</summary>
    public Client Trusting(string registry, TlsAuthority authority) => With(
        new RegistrySetting { RegistryHost = registry, CertificateAuthority = _home.Write($"{Guid.NewGuid():n}.crt", authority.Pem) });

    public Client WithVariable(string name, string value)
    {
        _variables[name] = value;
        return this;
    }

    /// <summary>Writes docker's configuration, with that entry for a registry.</summary>
    public Client WithAuth(string registry, string entry)
    {
        _home.Write(".docker/config.json", $"{{\"auths\":{{\"{registry}\":{entry}}}}}");
        return this;
    }

    public Task<HttpResponseMessage> SendAsync(RegistryRequest request) => Http.SendAsync(request, Cancellation);

    public Task<HttpResponseMessage> SendUntilAsync(RegistryRequest request, CancellationToken cancellation) => Http.SendAsync(request, cancellation);

    /// <summary>Reads from a registry, with the right to pull from a repository where one is named.</summary>
    public Task<HttpResponseMessage> GetAsync(string registry, string path, string? repository = null) =>
        SendAsync(Reading(registry, path, repository));

    /// <summary>The status of a response.</summary>
    public async Task<int> StatusAsync(string registry, string path, string? repository = null)
    {
        using var response = await GetAsync(registry, path, repository);
        return (int)response.StatusCode;
    }

    /// <summary>The body of a response.</summary>
    public async Task<string> BodyAsync(string registry, string path, string? repository = null)
    {
        using var response = await GetAsync(registry, path, repository);
        return await response.Content.ReadAsStringAsync(Cancellation);
    }

    /// <summary>The error of a request.</summary>
    public async Task<CraneException> ErrorAsync(string registry, string path = "/v2/", string? repository = null) =>
        await Assert.ThrowsAsync<CraneException>(() => BodyAsync(registry, path, repository));

    public static RegistryRequest Reading(string registry, string path, string? repository = null) => new(HttpMethod.Get, registry, path)
    {
        Scopes = repository is null ? [] : [new RegistryScope(repository, Push: false)],
    };

    public async ValueTask DisposeAsync()
    {
        if (_http is not null)
            await _http.DisposeAsync();
        _credentials?.Dispose();
        _home.Dispose();
    }

    private RegistryHttp Open()
    {
        var environment = TestEnvironment.Of(_home, _variables.Select(variable => (variable.Key, variable.Value)).ToArray());
        _credentials = new RegistryCredentials(_given, environment);
        return new RegistryHttp(
            new RegistryClients(TimeSpan.Zero, Timeouts, Time), _credentials, environment, Settings, line => Note(_trace, line), step => Note(_steps, step));
    }

    private static void Note(List<string> lines, string line)
    {
        lock (lines)
            lines.Add(line);
    }
}

using System.Collections.Concurrent;
using Crane.Adapters.Credentials;
using Crane.Adapters.Machine;
using Crane.Adapters.Registry.Tokens;
using Crane.Adapters.Registry.Transport.Proxies;
using Crane.Adapters.Registry.Transport.Tls;
using Crane.Names;

namespace Crane.Adapters.Registry.Transport;

/// <summary>The registries that are spoken to, each set up when it is first needed.</summary>
/// <param name="credentials">The credentials of this user.</param>
/// <param name="environment">Where certificates and proxies are found.</param>
/// <param name="settings">How registries are spoken to, as crane files say.</param>
/// <param name="timeouts">How long they are waited for.</param>
/// <param name="log">Counts and traces.</param>
/// <param name="time">The clock.</param>
internal sealed class RegistryHosts(
    RegistryCredentials credentials, DockerEnvironment environment, IReadOnlyList<RegistrySetting> settings,
    RegistryTimeouts timeouts, RequestLog log, TimeProvider time) : IDisposable
{
    private readonly ConcurrentDictionary<string, Lazy<RegistryHost>> _hosts = new(StringComparer.OrdinalIgnoreCase);
    private readonly RegistryRetry _retry = new(log, time);

    /// <summary>The registry of that name.</summary>
    /// <exception cref="CraneException">InvalidValue for certificates or proxies that cannot be used.</exception>
    public RegistryHost Of(string registry) => _hosts.GetOrAdd(registry, name => new(() => Make(name))).Value;

    /// <summary>What crane files say of that registry; null for nothing.</summary>
    public RegistrySetting? SettingOf(string registry) =>
        settings.FirstOrDefault(setting => RegistryAddress.HostOf(setting.RegistryHost) == RegistryAddress.HostOf(registry));

    public void Dispose()
    {
        foreach (var host in _hosts.Values)
            if (host.IsValueCreated)
                host.Value.Dispose();
    }

    private RegistryHost Make(string registry)
    {
        var setting = SettingOf(registry);
        var isInsecure = setting is { Insecure: true };
        var proxy = new EnvironmentProxy(environment);
        var handler = new SocketsHttpHandler
        {
            ConnectCallback = ParallelConnect.ConnectAsync,
            ConnectTimeout = timeouts.Connect,
            UseCookies = false,
            AllowAutoRedirect = false,
            Proxy = proxy,
            SslOptions = RegistryTls.Options(registry, !isInsecure, RegistryCertificates.Find(registry, setting, environment)),
        };
        var wire = new RegistryWire(handler, proxy, timeouts, time, log);
        var tokens = new TokenService(registry, wire, _retry, time);
        var access = new RegistryAccess(registry, credentials, tokens, (origin, address) => RegistryPeer.MayBePlain(origin, address, isInsecure), time);
        var origins = new OriginSearch(RegistryOrigin.Candidates(registry, isInsecure));
        return new RegistryHost(new RegistryPeer(registry, isInsecure, wire, access), origins, _retry);
    }
}

using Crane.Adapters.Credentials;
using Crane.Adapters.Machine;
using Crane.Adapters.Registry.Transport;

namespace Crane.Adapters.Registry;

/// <summary>
/// Speaks HTTP to registries as the OCI Distribution Specification and docker's token specification have it.
/// </summary>
internal sealed class RegistryHttp : IRegistryHttp
{
    private readonly RequestLog _log;
    private readonly RegistryHosts _hosts;
    private readonly Mirrors _mirrors;

    /// <param name="credentials">The credentials of this user. They stay their owner's.</param>
    /// <param name="environment">Where certificates and proxies are found.</param>
    /// <param name="settings">How registries are spoken to, as crane files say; those that none speaks of are not in it.</param>
    /// <param name="trace">Takes a line for each request, without credentials; null for nobody.</param>
    /// <param name="step">Takes a sentence for what is waited for; null for nobody.</param>
    /// <param name="timeouts">How long registries are waited for; null for the usual.</param>
    /// <param name="time">The clock; null for the system's.</param>
    public RegistryHttp(
        RegistryCredentials credentials, DockerEnvironment environment, IReadOnlyList<RegistrySetting> settings,
        Action<string>? trace = null, Action<string>? step = null, RegistryTimeouts? timeouts = null, TimeProvider? time = null)
    {
        _log = new RequestLog(trace, step);
        _hosts = new RegistryHosts(credentials, environment, settings, timeouts ?? new(), _log, time ?? TimeProvider.System);
        _mirrors = new Mirrors(_hosts, _log);
    }

    public int RequestCount => _log.Requests;

    public bool HasMirrors(string registry) => _mirrors.Has(registry);

    public async Task<HttpResponseMessage> SendAsync(RegistryRequest request, CancellationToken cancellation) =>
        (request.MayUseMirror ? await _mirrors.TryAsync(request, cancellation) : null)
        ?? await _hosts.Of(request.Registry).SendAsync(request, cancellation);

    public ValueTask DisposeAsync()
    {
        _hosts.Dispose();
        return ValueTask.CompletedTask;
    }
}

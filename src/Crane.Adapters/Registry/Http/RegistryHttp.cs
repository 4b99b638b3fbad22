using System.Collections.Concurrent;
using Crane.Adapters.Credentials;
using Crane.Adapters.Machine;
using Crane.Names;

namespace Crane.Adapters.Registry.Http;

/// <summary>
/// Sends requests to registries for one cmdlet. Mirrors are read first; where they fail, the registry itself is.
/// </summary>
/// <param name="clients">The clients, which stay for the next cmdlet.</param>
/// <param name="credentials">The credentials of this user; not disposed here.</param>
/// <param name="environment">Where certificates and proxies come from.</param>
/// <param name="settings">The settings of registries in crane files.</param>
/// <param name="trace">Takes a line for each request, without credentials; null for none.</param>
/// <param name="step">Takes a message for each long wait and each retry; null for none.</param>
internal sealed class RegistryHttp(
    RegistryClients clients, RegistryCredentials credentials, DockerEnvironment environment, IReadOnlyList<RegistrySetting> settings,
    Action<string>? trace = null, Action<string>? step = null) : IRegistryHttp
{
    private readonly Caller _caller = new(credentials, new RequestLog(trace, step));
    private readonly ConcurrentDictionary<string, Lazy<RegistryClients.Lease>> _leases = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentBag<RegistryClients.Lease> _taken = [];
    private readonly ConcurrentDictionary<string, IReadOnlyList<Mirror>> _mirrors = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, bool> _unreachable = new(StringComparer.OrdinalIgnoreCase);

    public int RequestCount => _caller.Log.Requests;

    public bool HasMirrors(string registry) => MirrorsOf(registry).Count > 0;

    public Task<HttpResponseMessage> SendAsync(RegistryRequest request, CancellationToken cancellation) =>
        request.MayUseMirror && HasMirrors(request.Registry)
            ? SendMirroredAsync(request, cancellation) : SendToAsync(request, cancellation);

    /// <inheritdoc cref="RegistryClient.LogInAsync"/>
    public Task<LoginCheck> LogInAsync(string registry, CancellationToken cancellation) =>
        LeaseOf(registry).Client.LogInAsync(_caller, cancellation);

    public ValueTask DisposeAsync()
    {
        _caller.Log.Close();
        foreach (var lease in _taken)
            clients.Return(lease);
        return ValueTask.CompletedTask;
    }

    private Task<HttpResponseMessage> SendToAsync(RegistryRequest request, CancellationToken cancellation)
    {
        var lease = LeaseOf(request.Registry);
        return lease.IsUsed && request.Content is null && !request.IsShortcut
            ? SendToUsedAsync(lease, request, cancellation) : lease.Client.SendAsync(request, _caller, cancellation);
    }

    // The login may have changed unnoticed in a credential helper: the helper is asked again, once.
    private async Task<HttpResponseMessage> SendToUsedAsync(
        RegistryClients.Lease lease, RegistryRequest request, CancellationToken cancellation)
    {
        try
        {
            return await lease.Client.SendAsync(request, _caller, cancellation);
        }
        catch (CraneException error) when (error.Id == CraneErrorId.RegistryUnauthorized)
        {
            return await Renew(lease).Client.SendAsync(request, _caller, cancellation);
        }
    }

    private RegistryClients.Lease Renew(RegistryClients.Lease refused)
    {
        var registry = refused.Client.Registry;
        if (_leases.TryGetValue(registry, out var current) && ReferenceEquals(current.Value, refused))
            _leases.TryUpdate(registry, new(() => Take(registry)), current);
        return LeaseOf(registry);
    }

    private async Task<HttpResponseMessage> SendMirroredAsync(RegistryRequest request, CancellationToken cancellation)
    {
        foreach (var mirror in MirrorsOf(request.Registry).Where(mirror => IsFor(mirror, request)))
            if (await TryAsync(mirror, request, cancellation) is { } response)
                return response;
        return await SendToAsync(request, cancellation);
    }

    /// <summary>A path may be read from any mirror that responds; an address only from the one that returned it.</summary>
    private bool IsFor(Mirror mirror, RegistryRequest request) => !_unreachable.ContainsKey(mirror.Host)
        && (request.IsPath || (HeaderValues.Address(request.Path) is { } address && LeaseOf(mirror.Host).Client.Serves(address)));

    private async Task<HttpResponseMessage?> TryAsync(Mirror mirror, RegistryRequest request, CancellationToken cancellation)
    {
        try
        {
            var response = await SendToAsync(mirror.Rewrite(request) with { IsShortcut = true }, cancellation);
            if (response.IsSuccessStatusCode)
                return response;
            response.Dispose();
        }
        catch (CraneException error) when (error.Id == CraneErrorId.RegistryUnreachable)
        {
            // Each further request would wait for it in vain.
            _unreachable[mirror.Host] = true;
            _caller.Log.Trace($"mirror '{mirror.Host}' of '{request.Registry}' is not used any more: {error.Message}");
        }
        catch (CraneException error) when (error.Id == CraneErrorId.RegistryUnauthorized)
        {
            _caller.Log.Trace($"mirror '{mirror.Host}' of '{request.Registry}' is skipped: {error.Message}");
        }
        return null;
    }

    private RegistryClients.Lease LeaseOf(string registry) => _leases.GetOrAdd(registry, name => new(() => Take(name))).Value;

    private RegistryClients.Lease Take(string registry)
    {
        var lease = clients.Take(registry, SettingOf(registry), environment, credentials);
        _taken.Add(lease);
        return lease;
    }

    private IReadOnlyList<Mirror> MirrorsOf(string registry) => _mirrors.GetOrAdd(registry, name =>
        (SettingOf(name)?.Mirror ?? []).Select(mirror => Mirror.Parse(mirror, host => SettingOf(host) is { Insecure: true })).ToList());

    private RegistrySetting? SettingOf(string registry) =>
        settings.FirstOrDefault(setting => RegistryAddress.HostOf(setting.RegistryHost) == RegistryAddress.HostOf(registry));
}

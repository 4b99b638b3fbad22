using System.Collections.Concurrent;

namespace Crane.Adapters.Registry.Transport;

/// <summary>
/// Reads from the mirrors of a registry. They are a convenience: where they fail, the registry itself is asked.
/// </summary>
/// <param name="hosts">The registries.</param>
/// <param name="log">Told of mirrors that fail.</param>
internal sealed class Mirrors(RegistryHosts hosts, RequestLog log)
{
    private readonly ConcurrentDictionary<string, IReadOnlyList<Mirror>> _mirrors = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, bool> _unreachable = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a registry has any.</summary>
    public bool Has(string registry) => Of(registry).Count > 0;

    /// <summary>What the first mirror that has it answers; null where none has, or there is none.</summary>
    /// <exception cref="CraneException">InvalidRegistry or InvalidValue for a mirror that cannot be used at all.</exception>
    public async Task<HttpResponseMessage?> TryAsync(RegistryRequest request, CancellationToken cancellation)
    {
        foreach (var mirror in Of(request.Registry).Where(mirror => IsFor(mirror, request)))
            if (await TryAsync(mirror, request, cancellation) is { } answer)
                return answer;
        return null;
    }

    private IReadOnlyList<Mirror> Of(string registry) => _mirrors.GetOrAdd(registry, name =>
        (hosts.SettingOf(name)?.Mirror ?? [])
            .Select(text => Mirror.Parse(text, host => hosts.SettingOf(host) is { Insecure: true }))
            .ToList());

    /// <summary>A path may be read from any mirror that answers; an address only from the one that gave it.</summary>
    private bool IsFor(Mirror mirror, RegistryRequest request) => !_unreachable.ContainsKey(mirror.Host)
        && (request.Path.StartsWith('/') || (GivenAddress.Read(request.Path) is { } address && hosts.Of(mirror.Host).Serves(address)));

    private async Task<HttpResponseMessage?> TryAsync(Mirror mirror, RegistryRequest request, CancellationToken cancellation)
    {
        try
        {
            var answer = await hosts.Of(mirror.Host).TryAsync(mirror.Rewrite(request), cancellation);
            if (answer.IsSuccessStatusCode)
                return answer;
            answer.Dispose();
        }
        catch (CraneException fault) when (fault.Id == CraneErrorId.RegistryUnreachable)
        {
            // Asked no more: each request would have to wait for it in vain.
            _unreachable[mirror.Host] = true;
            log.Trace($"the mirror '{mirror.Host}' of '{request.Registry}' is left out from now on: {fault.Message}");
        }
        catch (CraneException fault) when (fault.Id == CraneErrorId.RegistryUnauthorized)
        {
            log.Trace($"the mirror '{mirror.Host}' of '{request.Registry}' is passed over: {fault.Message}");
        }
        return null;
    }
}

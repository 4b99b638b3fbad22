using System.Security.Cryptography;
using System.Text;
using Crane.Adapters.Credentials;
using Crane.Adapters.Machine;

namespace Crane.Adapters.Registry.Http;

/// <summary>
/// The clients of a PowerShell session, one for each registry. The next cmdlet uses it again as long as nothing that it depends on has
/// changed: settings, certificates, proxies, credentials.
/// </summary>
/// <param name="idle">How long an unused client is kept: it has secrets in memory.</param>
/// <param name="timeouts">The timeouts; null for the default.</param>
/// <param name="time">The clock; null for the system's.</param>
internal sealed class RegistryClients(TimeSpan idle, RegistryTimeouts? timeouts = null, TimeProvider? time = null)
{
    private static readonly byte[] Salt = RandomNumberGenerator.GetBytes(32);
    private static readonly string[] ProxyVariables =
        ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "NO_PROXY", "no_proxy", "REQUEST_METHOD"];

    private readonly RegistryTimeouts _timeouts = timeouts ?? new();
    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private readonly object _gate = new();
    private readonly Dictionary<string, Lease> _kept = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Leases the client of a registry.</summary>
    /// <exception cref="CraneException">CertificateInvalid; InvalidValue for a proxy.</exception>
    public Lease Take(string registry, RegistrySetting? setting, DockerEnvironment environment, RegistryCredentials credentials)
    {
        var key = Key(registry, setting, environment, credentials);
        lock (_gate)
        {
            var lease = _kept.GetValueOrDefault(registry);
            if (lease is null || !lease.Key.SequenceEqual(key) || !lease.Client.IsReusable)
            {
                var client = new RegistryClient(registry, setting, environment, _timeouts, _time);
                if (lease is not null)
                    Forget(lease);
                _kept[registry] = lease = new Lease(client, key);
            }
            else
            {
                lease.IsUsed = true;
            }
            lease.Users++;
            lease.Expiry?.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            return lease;
        }
    }

    public void Return(Lease lease)
    {
        lock (_gate)
        {
            if (--lease.Users > 0)
                return;
            if (idle == TimeSpan.Zero || !lease.Client.IsReusable || !IsKept(lease))
            {
                Forget(lease);
                return;
            }
            lease.Expiry ??= _time.CreateTimer(_ => Expire(lease), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            lease.Expiry.Change(idle, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Forgets a registry, whose credential has changed.</summary>
    public void Drop(string registry)
    {
        lock (_gate)
        {
            if (_kept.TryGetValue(registry, out var lease))
                Forget(lease);
        }
    }

    private void Expire(Lease lease)
    {
        lock (_gate)
        {
            if (lease.Users == 0)
                Forget(lease);
        }
    }

    private bool IsKept(Lease lease) => ReferenceEquals(_kept.GetValueOrDefault(lease.Client.Registry), lease);

    // Its current users may continue.
    private void Forget(Lease lease)
    {
        if (IsKept(lease))
            _kept.Remove(lease.Client.Registry);
        if (lease.Users > 0)
            return;
        lease.Expiry?.Dispose();
        lease.Client.Dispose();
    }

    /// <summary>A hash of everything that a client depends on, secrets among it.</summary>
    private static byte[] Key(string registry, RegistrySetting? setting, DockerEnvironment environment, RegistryCredentials credentials)
    {
        var key = new StringBuilder();
        key.Append(setting is { Insecure: true }).Append('\0').Append(credentials.BasisOf(registry));
        foreach (var variable in ProxyVariables)
            key.Append('\0').Append(environment.Get(variable));
        foreach (var file in RegistryCertificates.Files(registry, setting, environment))
            key.Append('\0').Append(FileStamp.Describe(file));
        return HMACSHA256.HashData(Salt, Encoding.UTF8.GetBytes(key.ToString()));
    }

    internal sealed class Lease(RegistryClient client, byte[] key)
    {
        public RegistryClient Client => client;

        /// <summary>Whether an earlier cmdlet has used it.</summary>
        public bool IsUsed { get; set; }

        internal byte[] Key => key;

        internal int Users { get; set; }

        internal ITimer? Expiry { get; set; }
    }
}

using System.Collections.Concurrent;
using System.Net;

namespace Crane.Adapters.Credentials;

/// <summary>
/// Which credential a registry is shown: what was given, then <c>DOCKER_AUTH_CONFIG</c>, then docker's
/// configuration with its helpers. Each registry is looked up once, whatever comes of it: a helper may take a minute.
/// </summary>
internal sealed class RegistryCredentials(
    IReadOnlyDictionary<string, NetworkCredential> given, DockerEnvironment environment) : IDisposable
{
    private readonly ConcurrentDictionary<string, CredentialLookup> _lookups = new(StringComparer.Ordinal);

    /// <summary>The registries for which credentials were given, as they were written.</summary>
    public IEnumerable<string> GivenRegistries => given.Keys;

    /// <summary>The credential for a registry; null to go without.</summary>
    /// <exception cref="CraneException">
    /// RegistryUnauthorized for a helper that does not do its work; InvalidValue for a configuration that cannot be read.
    /// </exception>
    public async Task<RegistryCredential?> GetAsync(string registry, CancellationToken cancellation) =>
        Given(registry) ?? await _lookups.GetOrAdd(RegistryKey.Canonical(registry), _ => new CredentialLookup())
            .GetAsync(token => ConfiguredAsync(registry, token), cancellation);

    public void Dispose()
    {
        foreach (var lookup in _lookups.Values)
            lookup.Dispose();
    }

    private PasswordCredential? Given(string registry)
    {
        foreach (var (key, credential) in given)
            if (RegistryKey.Matches(key, registry))
                return PasswordCredential.Of(credential);
        return null;
    }

    private async Task<RegistryCredential?> ConfiguredAsync(string registry, CancellationToken cancellation)
    {
        if (DockerConfigFile.FromVariable(environment)?.CredentialFor(registry) is { } fromVariable)
            return fromVariable;
        if (DockerConfigFile.Load(environment) is not { } file)
            return null;
        return (file.HelperFor(registry) ?? file.DefaultHelper) is { } helper
            ? await new CredentialHelper(helper, file.Origin, environment).GetAsync(registry, cancellation)
            : file.CredentialFor(registry);
    }
}

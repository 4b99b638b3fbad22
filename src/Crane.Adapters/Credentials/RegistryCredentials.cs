using System.Collections.Concurrent;
using System.Net;
using Crane.Adapters.Machine;

namespace Crane.Adapters.Credentials;

/// <summary>
/// Which credential a registry is shown: what was given, then <c>DOCKER_AUTH_CONFIG</c>, then docker's
/// configuration with its helpers. Each registry is looked up once, whatever comes of it: a helper may take a minute.
/// </summary>
/// <remarks>
/// Where a helper fails there is no credential, as for docker: many registries let everybody read. Only a registry that then
/// refuses makes it an error, see <see cref="Explain"/>.
/// </remarks>
/// <param name="given">What was given, by registry.</param>
/// <param name="environment">Where docker's configuration is, and helpers are.</param>
/// <param name="warn">Takes what the user should know; null for nobody.</param>
internal sealed class RegistryCredentials(
    IReadOnlyDictionary<string, NetworkCredential> given, DockerEnvironment environment, Action<string>? warn = null) : IDisposable
{
    private readonly ConcurrentDictionary<string, CraneException> _failures = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, CredentialLookup> _lookups = new(StringComparer.Ordinal);

    /// <summary>The registries for which credentials were given, as they were written.</summary>
    public IEnumerable<string> GivenRegistries => given.Keys;

    /// <summary>The credential for a registry; null to go without.</summary>
    /// <exception cref="CraneException">InvalidValue for a configuration that cannot be read.</exception>
    public async Task<RegistryCredential?> GetAsync(string registry, CancellationToken cancellation) =>
        Given(registry) ?? await _lookups.GetOrAdd(RegistryKey.Canonical(registry), _ => new CredentialLookup())
            .GetAsync(token => ConfiguredAsync(registry, token), cancellation);

    /// <summary>What a registry's credential comes from, as far as it can be seen without asking a helper: secrets are in it.</summary>
    public string BasisOf(string registry) => Given(registry) is { } given
        ? $"{given.UserName}\0{given.Password}"
        : $"{environment.Get("DOCKER_AUTH_CONFIG")}\0{LastWrite.Of(DockerConfigFile.PathIn(environment))}";

    /// <summary>What went wrong with the helper that was asked for a registry's credential; null for nothing.</summary>
    public CraneException? FailureOf(string registry) => _failures.GetValueOrDefault(RegistryKey.Canonical(registry));

    /// <summary>An error about a registry; that it refuses may be for want of a credential, which is then said, too.</summary>
    public CraneException Explain(CraneException error, string registry) =>
        error.Id == CraneErrorId.RegistryUnauthorized && FailureOf(registry) is { } failure
            ? new CraneException(error.Id, $"{error.Message} {failure.Message}", failure.RecommendedAction, error)
            : error;

    public void Dispose()
    {
        foreach (var lookup in _lookups.Values)
            lookup.Dispose();
    }

    private PasswordCredential? Given(string registry)
    {
        foreach (var (key, credential) in given)
            if (RegistryKey.Matches(key, registry))
                return new PasswordCredential(credential.UserName, credential.Password);
        return null;
    }

    private async Task<RegistryCredential?> ConfiguredAsync(string registry, CancellationToken cancellation)
    {
        if (DockerConfigFile.FromVariable(environment)?.CredentialFor(registry) is { } fromVariable)
            return fromVariable;
        if (DockerConfigFile.Load(environment) is not { } file)
            return null;
        return (file.HelperFor(registry) ?? file.DefaultHelper) is { } helper
            ? await AskAsync(new CredentialHelper(helper, file.Origin, environment, warn), registry, cancellation)
            : file.CredentialFor(registry);
    }

    private async Task<RegistryCredential?> AskAsync(CredentialHelper helper, string registry, CancellationToken cancellation)
    {
        try
        {
            return await helper.GetAsync(registry, cancellation);
        }
        catch (CraneException failure)
        {
            _failures[RegistryKey.Canonical(registry)] = failure;
            warn?.Invoke($"{failure.Message} Registries are asked without a credential.");
            return null;
        }
    }
}

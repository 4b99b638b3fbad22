using System.Collections.Concurrent;
using System.Net;
using Crane.Adapters.Machine;

namespace Crane.Adapters.Credentials;

/// <summary>
/// Finds the credential of a registry: those that were passed, then <c>DOCKER_AUTH_CONFIG</c>, then docker's configuration
/// with its helpers. Each registry is looked up once, also where that fails: a helper may take a minute.
/// </summary>
/// <remarks>
/// A failed helper means no credential, as for docker: many registries can be read anonymously. It becomes an error only
/// when the registry then refuses, see <see cref="Explain"/>.
/// </remarks>
/// <param name="given">The credentials that were passed, by registry.</param>
/// <param name="environment">Where docker's configuration and the helpers are.</param>
/// <param name="warn">Receives warnings for the user.</param>
internal sealed class RegistryCredentials(
    IReadOnlyDictionary<string, NetworkCredential> given, DockerEnvironment environment, Action<string>? warn = null) : IDisposable
{
    private readonly ConcurrentDictionary<string, CraneException> _failures = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, CredentialLookup> _lookups = new(StringComparer.Ordinal);

    /// <summary>The registries with passed credentials, as written.</summary>
    public IEnumerable<string> GivenRegistries => given.Keys;

    /// <summary>The credential of a registry; null for none.</summary>
    /// <exception cref="CraneException">DockerConfigInvalid for a configuration that cannot be read.</exception>
    public async Task<RegistryCredential?> GetAsync(string registry, CancellationToken cancellation) =>
        Given(registry) ?? await _lookups.GetOrAdd(RegistryKey.Canonical(registry), _ => new CredentialLookup())
            .GetAsync(token => ConfiguredAsync(registry, token), cancellation);

    /// <summary>What the credential of a registry depends on, without asking a helper. Contains secrets.</summary>
    public string BasisOf(string registry) => Given(registry) is { } given
        ? $"{given.UserName}\0{given.Password}"
        : $"{environment.Get("DOCKER_AUTH_CONFIG")}\0{FileStamp.Describe(DockerConfigFile.PathIn(environment))}";

    /// <summary>Why the helper of a registry failed; null where it did not.</summary>
    public CraneException? FailureOf(string registry) => _failures.GetValueOrDefault(RegistryKey.Canonical(registry));

    /// <summary>Adds to the error of a registry that refused why there was no credential.</summary>
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
                return new PasswordCredential(credential.UserName, credential.Password) { IsGiven = true };
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
            warn?.Invoke($"{failure.Message} Continuing without a credential.");
            return null;
        }
    }
}

/// <summary>
/// Looks up the credential of one registry once; concurrent callers wait for each other. The result is remembered, also an
/// error: not every request may wait again for a helper that hangs.
/// </summary>
internal sealed class CredentialLookup : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1);
    private bool _isDone;
    private RegistryCredential? _credential;
    private CraneException? _error;

    /// <param name="find">Looks it up. After a cancellation, the next caller does it again.</param>
    /// <param name="cancellation">Cancels the lookup.</param>
    /// <exception cref="CraneException">The error of <paramref name="find"/>.</exception>
    public async Task<RegistryCredential?> GetAsync(Func<CancellationToken, Task<RegistryCredential?>> find, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            if (!_isDone)
                await FindAsync(find, cancellation);
            return _error is null ? _credential : throw _error;
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private async Task FindAsync(Func<CancellationToken, Task<RegistryCredential?>> find, CancellationToken cancellation)
    {
        try
        {
            _credential = await find(cancellation);
        }
        catch (CraneException error)
        {
            _error = error;
        }
        _isDone = true;
    }
}

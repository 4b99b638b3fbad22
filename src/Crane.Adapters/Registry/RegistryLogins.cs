using System.Net;
using Crane.Adapters.Credentials;
using Crane.Adapters.Machine;
using Crane.Adapters.Registry.Http;
using Crane.Names;

namespace Crane.Adapters.Registry;

/// <summary>Logs in to registries and out of them, as <c>docker login</c> and <c>docker logout</c> do.</summary>
internal sealed class RegistryLogins(DockerEnvironment environment, RegistryClients clients) : IRegistryLogins
{
    private readonly CredentialKeeper _keeper = new(environment);

    public async Task<LoginOutcome> LogInAsync(LoginRequest request, CancellationToken cancellation)
    {
        var registry = Normalized(request.Registry);
        var password = new PasswordCredential(request.Credential.UserName, request.Credential.Password);
        var check = await CheckAsync(registry, request, cancellation);
        var login = await _keeper.KeepAsync(registry, check.IdentityToken ?? (RegistryCredential)password, password.UserName, cancellation);
        clients.Drop(registry);

        var warnings = new List<string>();
        if (!check.WasAsked)
            warnings.Add($"The registry '{registry}' requires no credential, so this one was not checked.");
        if (!login.IsProtected)
            warnings.Add(
                $"The credential for '{registry}' is stored unencrypted in {login.Store}. "
                + "See Docker's documentation of credential stores.");
        warnings.AddRange(Overridden(registry));
        return new LoginOutcome(login, warnings);
    }

    public async Task<LoginOutcome> LogOutAsync(string registry, CancellationToken cancellation)
    {
        registry = Normalized(registry);
        var removed = await _keeper.ForgetAsync(registry, cancellation);
        clients.Drop(registry);
        return removed is { } login
            ? new LoginOutcome(login, Overridden(registry).ToList())
            : new LoginOutcome(null, [$"No credential is stored for '{registry}'.", .. Overridden(registry)]);
    }

    public async Task<LoginList> ListAsync(Func<string, bool> isWanted, CancellationToken cancellation)
    {
        var (logins, errors) = await new CredentialList(environment).ReadAsync(isWanted, cancellation);
        return new LoginList(logins, errors, [.. logins.SelectMany(login => Overridden(login.Registry))]);
    }

    public IReadOnlyList<string> Names() => DockerConfigFile.Load(environment)?.Registries() ?? [];

    private async Task<LoginCheck> CheckAsync(string registry, LoginRequest request, CancellationToken cancellation)
    {
        using var credentials = new RegistryCredentials(
            new Dictionary<string, NetworkCredential> { [registry] = request.Credential }, environment);
        var setting = new RegistrySetting
        {
            RegistryHost = registry,
            Insecure = request.IsInsecure,
            CertificateAuthority = request.CertificateAuthority,
        };
        await using var http = new RegistryHttp(new RegistryClients(TimeSpan.Zero), credentials, environment, [setting], request.Trace);
        return await http.LogInAsync(registry, cancellation);
    }

    /// <summary>Warns of a credential that takes precedence over the stored one.</summary>
    private IEnumerable<string> Overridden(string registry)
    {
        if (DockerConfigFile.FromVariable(environment)?.CredentialFor(registry) is not null)
            yield return $"The variable DOCKER_AUTH_CONFIG has a credential for '{registry}', which takes precedence over a stored one.";
    }

    private static string Normalized(string registry) => RegistryAddress.Parse(RegistryAddress.HostOf(registry)).Host;
}

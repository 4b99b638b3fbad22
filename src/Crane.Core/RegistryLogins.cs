using System.Net;
using Crane.Errors;

namespace Crane;

/// <summary>The credentials for registries, stored where docker stores them.</summary>
internal interface IRegistryLogins
{
    /// <summary>Checks a credential against its registry, and stores it.</summary>
    /// <exception cref="CraneException">
    /// RegistryUnauthorized where the registry refuses it, or a credential helper fails; RegistryUnreachable; InvalidRegistry;
    /// DockerConfigInvalid and CertificateInvalid.
    /// </exception>
    Task<LoginOutcome> LogInAsync(LoginRequest request, CancellationToken cancellation);

    /// <summary>Removes the credential for a registry. Without one, the outcome has no login.</summary>
    /// <exception cref="CraneException">RegistryUnauthorized, InvalidRegistry and DockerConfigInvalid, as above.</exception>
    Task<LoginOutcome> LogOutAsync(string registry, CancellationToken cancellation);

    /// <summary>Lists the stored credentials, one for each registry, ordered by registry. No registry is contacted.</summary>
    /// <param name="isWanted">Whether a registry is to be listed; a helper is not asked about the others.</param>
    /// <param name="cancellation">Ends the helpers.</param>
    /// <exception cref="CraneException">DockerConfigInvalid for a configuration that cannot be read.</exception>
    Task<LoginList> ListAsync(Func<string, bool> isWanted, CancellationToken cancellation);

    /// <summary>The registries that docker's configuration has, for completion: no helper is asked.</summary>
    /// <exception cref="CraneException">As above.</exception>
    IReadOnlyList<string> Names();
}

/// <summary>A credential to store.</summary>
/// <param name="Registry">The registry: a host with an optional port, or an address as docker's configuration has it.</param>
internal sealed record LoginRequest(string Registry, NetworkCredential Credential)
{
    /// <summary>Whether plain http and unverified TLS are allowed.</summary>
    public bool IsInsecure { get; init; }

    /// <summary>Full path of a file of CA certificates to trust; null for the system's.</summary>
    public string? CertificateAuthority { get; init; }

    /// <summary>Takes a line for each request, without credentials, for the Debug stream.</summary>
    public Action<string>? Trace { get; init; }
}

/// <summary>The outcome of a login or logout.</summary>
/// <param name="Login">The credential that was stored or removed; null for none.</param>
internal sealed record LoginOutcome(RegistryLogin? Login, IReadOnlyList<string> Warnings);

/// <summary>The stored credentials.</summary>
/// <param name="Errors">Helpers that failed, and invalid entries of docker's configuration.</param>
internal sealed record LoginList(
    IReadOnlyList<RegistryLogin> Logins, IReadOnlyList<CraneException> Errors, IReadOnlyList<string> Warnings);

/// <summary>Where the credential for a registry is stored. It does not hold the secret.</summary>
public sealed record RegistryLogin
{
    internal RegistryLogin() { }

    /// <summary>The registry, as image names have it; <c>docker.io</c> for Docker Hub.</summary>
    public string Registry { get; internal init; } = "";

    /// <summary>The user; null for a token whose store does not say.</summary>
    public string? UserName { get; internal init => field = VisibleText.Message(value); }

    /// <summary>Where it is stored: the program of a credential helper, or the path of docker's configuration.</summary>
    public string Store { get; internal init; } = "";

    /// <summary>Whether a credential helper stores it; otherwise it is in plain text in docker's configuration.</summary>
    public bool IsProtected { get; internal init; }

    /// <summary>The user and the registry.</summary>
    public override string ToString() => $"{UserName}@{Registry}";
}

using System.Net;

namespace Crane;

/// <summary>The credentials that are kept for registries, where docker keeps them.</summary>
internal interface IRegistryLogins
{
    /// <summary>Checks a credential against its registry, and keeps it.</summary>
    /// <exception cref="CraneException">
    /// RegistryUnauthorized where the registry refuses it, or a credential helper does not do its work; RegistryUnreachable;
    /// InvalidRegistry; InvalidValue for settings and configurations that cannot be used.
    /// </exception>
    Task<LoginOutcome> LogInAsync(LoginRequest request, CancellationToken cancellation);

    /// <summary>Forgets what is kept for a registry. Where that is nothing, the outcome has no login.</summary>
    /// <exception cref="CraneException">RegistryUnauthorized, InvalidRegistry and InvalidValue, as above.</exception>
    Task<LoginOutcome> LogOutAsync(string registry, CancellationToken cancellation);
}

/// <summary>A credential to be kept.</summary>
/// <param name="Registry">The registry: a host with an optional port, or an address as docker's configuration has it.</param>
/// <param name="Credential">Its user and password.</param>
internal sealed record LoginRequest(string Registry, NetworkCredential Credential)
{
    /// <summary>Whether plain http and unverified TLS are allowed.</summary>
    public bool IsInsecure { get; init; }

    /// <summary>Full path of a file of CA certificates to trust; null for the system's.</summary>
    public string? CertificateAuthority { get; init; }

    /// <summary>Takes a line for each request, without credentials: what Debug shows.</summary>
    public Action<string>? Trace { get; init; }
}

/// <summary>What came of a login or logout.</summary>
/// <param name="Login">What is kept now, or was until now; null for nothing.</param>
/// <param name="Warnings">What the user should know besides.</param>
internal sealed record LoginOutcome(RegistryLogin? Login, IReadOnlyList<string> Warnings);

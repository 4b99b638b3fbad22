using System.Net;
using Crane.Errors;

namespace Crane;

/// <summary>The credentials that are kept for registries, where docker keeps them.</summary>
internal interface IRegistryLogins
{
    /// <summary>Checks a credential against its registry, and keeps it.</summary>
    /// <exception cref="CraneException">
    /// RegistryUnauthorized where the registry refuses it, or a credential helper does not do its work; RegistryUnreachable;
    /// InvalidRegistry; DockerConfigInvalid and CertificateInvalid.
    /// </exception>
    Task<LoginOutcome> LogInAsync(LoginRequest request, CancellationToken cancellation);

    /// <summary>Forgets what is kept for a registry. Where that is nothing, the outcome has no login.</summary>
    /// <exception cref="CraneException">RegistryUnauthorized, InvalidRegistry and DockerConfigInvalid, as above.</exception>
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

/// <summary>A credential that is kept for a registry, and where: the secret itself is no part of it.</summary>
public sealed record RegistryLogin
{
    internal RegistryLogin()
    {
    }

    /// <summary>The registry, as image names have it; <c>docker.io</c> for Docker Hub.</summary>
    public string Registry { get; internal init; } = "";

    /// <summary>Whose credential it is; null where it is a token that does not say.</summary>
    public string? UserName { get; internal init => field = VisibleText.Message(value); }

    /// <summary>Where it is kept: the program of a credential helper, or the path of docker's configuration.</summary>
    public string Store { get; internal init; } = "";

    /// <summary>Whether a credential helper keeps it; else it can be read by whoever can read the file.</summary>
    public bool IsProtected { get; internal init; }

    /// <summary>The user and the registry.</summary>
    public override string ToString() => $"{UserName}@{Registry}";
}

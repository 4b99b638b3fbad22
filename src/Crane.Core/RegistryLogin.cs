using Crane.Errors;

namespace Crane;

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

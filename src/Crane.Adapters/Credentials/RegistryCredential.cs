namespace Crane.Adapters.Credentials;

/// <summary>A credential that is sent to a registry. <c>ToString</c> never returns the secret, so that none reaches a message.</summary>
internal abstract record RegistryCredential
{
    public sealed override string ToString() => GetType().Name;
}

/// <summary>A user name and its password or access token.</summary>
internal sealed record PasswordCredential(string UserName, string Password) : RegistryCredential
{
    /// <summary>Whether a parameter has it; otherwise it is stored.</summary>
    public bool IsGiven { get; init; }
}

/// <summary>A refresh token for the registry's token service; some registries issue one at login.</summary>
internal sealed record IdentityTokenCredential(string Token) : RegistryCredential;

/// <summary>A bearer token that is sent to the registry as it is.</summary>
internal sealed record BearerTokenCredential(string Token) : RegistryCredential;

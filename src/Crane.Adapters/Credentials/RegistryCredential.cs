namespace Crane.Adapters.Credentials;

/// <summary>What a registry is shown: one of its derived records. It has no text form, so that none reaches a message.</summary>
internal abstract record RegistryCredential
{
    /// <summary>Never the secret, whatever prints this.</summary>
    public sealed override string ToString() => GetType().Name;
}

/// <summary>A user name and its password or access token.</summary>
internal sealed record PasswordCredential(string UserName, string Password) : RegistryCredential;

/// <summary>A refresh token, which the registry's token service exchanges; some registries give one at login.</summary>
internal sealed record IdentityTokenCredential(string Token) : RegistryCredential;

/// <summary>A bearer token that is sent to the registry as it is.</summary>
internal sealed record BearerTokenCredential(string Token) : RegistryCredential;

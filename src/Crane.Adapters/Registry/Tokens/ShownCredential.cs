using System.Net.Http.Headers;
using Crane.Adapters.Credentials;

namespace Crane.Adapters.Registry.Tokens;

/// <summary>What a request shows a registry.</summary>
/// <param name="Header">The header's value.</param>
/// <param name="Credential">Whose it is; null for an anonymous user's token.</param>
/// <param name="Token">The token in it; null where it is no token service's.</param>
internal sealed record ShownCredential(AuthenticationHeaderValue Header, RegistryCredential? Credential, AccessToken? Token)
{
    /// <summary>Never the secret, whatever prints this.</summary>
    public override string ToString() => nameof(ShownCredential);
}

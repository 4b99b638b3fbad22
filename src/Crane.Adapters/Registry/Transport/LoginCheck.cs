using Crane.Adapters.Credentials;

namespace Crane.Adapters.Registry.Transport;

/// <summary>What a registry said to a credential that it did not refuse.</summary>
/// <param name="WasAsked">Whether it asked for one at all.</param>
/// <param name="IdentityToken">A token that stands for the password from now on; null where it gave none.</param>
internal sealed record LoginCheck(bool WasAsked, IdentityTokenCredential? IdentityToken);

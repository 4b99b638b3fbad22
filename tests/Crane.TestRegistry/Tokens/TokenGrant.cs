namespace Crane.Testing;

/// <summary>A token that was issued.</summary>
/// <param name="GrantType">How it was asked for: <c>get</c>, or OAuth2's <c>password</c> or <c>refresh_token</c>.</param>
/// <param name="Account">Who has it; null for somebody without a credential.</param>
/// <param name="Scopes">What it allows: as much of what was asked for as the account may do.</param>
/// <param name="Token">The token.</param>
public sealed record TokenGrant(string GrantType, string? Account, IReadOnlyList<Scope> Scopes, string Token);

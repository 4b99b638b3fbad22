namespace Crane.Adapters.Registry.Tokens;

/// <summary>A token as a token service gave it, and until when it is used.</summary>
/// <param name="Value">What the registry is shown.</param>
/// <param name="Scopes">What it was asked for; the service may have granted less.</param>
/// <param name="UseUntil">Somewhat before its end, by our own clock.</param>
internal sealed record AccessToken(string Value, ScopeSet Scopes, DateTimeOffset UseUntil)
{
    /// <summary>Never the secret, whatever prints this.</summary>
    public override string ToString() => nameof(AccessToken);
}

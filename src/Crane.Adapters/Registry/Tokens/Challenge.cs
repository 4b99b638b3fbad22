namespace Crane.Adapters.Registry.Tokens;

/// <summary>One way that a registry offers to be shown a credential: a challenge of <c>WWW-Authenticate</c>.</summary>
/// <param name="Scheme">The scheme, such as <c>Bearer</c>; in any case.</param>
/// <param name="Parameters">Its parameters by their names, in any case.</param>
internal sealed record Challenge(string Scheme, IReadOnlyDictionary<string, string> Parameters)
{
    /// <summary>Where tokens are had, or what a password is for.</summary>
    public string? Realm => Parameters.GetValueOrDefault("realm");

    /// <summary>For whom a token is.</summary>
    public string? Service => Parameters.GetValueOrDefault("service");

    /// <summary>What the request that was refused needs.</summary>
    public ScopeSet Scopes => ScopeSet.Parse(Parameters.GetValueOrDefault("scope"));

    /// <summary>Whether a token service's token is wanted.</summary>
    public bool IsBearer => Scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a user name and a password are wanted.</summary>
    public bool IsBasic => Scheme.Equals("Basic", StringComparison.OrdinalIgnoreCase);
}

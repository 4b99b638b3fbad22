using Crane.Testing.Hosting;
using Crane.Testing.Tokens;

namespace Crane.Testing;

/// <summary>
/// Docker's token authentication, on 127.0.0.1, for test registries and for docker's own: that one wants
/// <c>auth: { token: { realm, service, issuer, rootcertbundle } }</c> to be <see cref="Realm"/>,
/// <see cref="TokenServiceOptions.Service"/>, <see cref="TokenServiceOptions.Issuer"/> and a file with
/// <see cref="CertificatePem"/>, and <see cref="TokenServiceOptions.RegistryLeeway"/> to be 60 seconds.
/// </summary>
/// <example><code>
/// await using var tokens = await TokenService.StartAsync(new() { Users = [new("bob", "secret")] });
/// await using var registry = await TestRegistry.StartAsync(new() { Tokens = tokens });
/// </code></example>
public sealed class TokenService : IAsyncDisposable
{
    private readonly WebServer _server;
    private readonly TokenIssuer _issuer;

    private TokenService(WebServer server, TokenIssuer issuer, TokenServiceOptions options) =>
        (_server, _issuer, Options) = (server, issuer, options);

    /// <summary>What it was started with.</summary>
    public TokenServiceOptions Options { get; }

    /// <summary>Where tokens are asked for.</summary>
    public Uri Realm => new(_server.Address, TokenEndpoint.Path);

    /// <summary>The certificate of the key that signs its tokens.</summary>
    public string CertificatePem => _issuer.CertificatePem;

    /// <summary>What it was asked so far.</summary>
    public RequestLog Requests => _server.Requests;

    /// <summary>Every token it has issued so far.</summary>
    public IReadOnlyCollection<TokenGrant> Grants => _issuer.Grants;

    /// <summary>Starts one; it ends when it is disposed of.</summary>
    public static async Task<TokenService> StartAsync(TokenServiceOptions? options = null)
    {
        options ??= new();
        var issuer = new TokenIssuer(options);
        var server = await WebServer.StartAsync(new TokenEndpoint(issuer, options).HandleAsync, options.Port, options.Tls);
        return new TokenService(server, issuer, options);
    }

    /// <summary>A token for somebody who may do all that, without asking for it; no grant of this is kept.</summary>
    public string Issue(params Scope[] scopes) => _issuer.Sign(null, scopes);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _issuer.Dispose();
    }

    /// <summary>The challenge for a request without a token that allows what it needs; null if it has one.</summary>
    internal string? Challenge(string? authorization, IReadOnlyList<Scope> needed)
    {
        const string scheme = "Bearer ";
        var hasToken = authorization?.StartsWith(scheme, StringComparison.OrdinalIgnoreCase) is true;
        var allowed = hasToken ? _issuer.Read(authorization![scheme.Length..]) : null;
        if (allowed is not null && needed.All(scope => allowed.Any(one => one.Covers(scope))))
            return null;
        var challenge = $"Bearer realm=\"{Realm}\",service=\"{Options.Service}\"";
        if (needed.Count > 0)
            challenge += $",scope=\"{string.Join(' ', needed)}\"";
        return (hasToken, allowed) switch
        {
            (false, _) => challenge,
            (true, null) => $"{challenge},error=\"invalid_token\"",
            _ => $"{challenge},error=\"insufficient_scope\"",
        };
    }
}

using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Crane.Testing.Tokens;

/// <summary>Makes and reads tokens: which account may do what, and until when.</summary>
internal sealed class TokenIssuer(TokenServiceOptions options) : IDisposable
{
    private readonly TokenSigner _signer = new();
    private readonly ConcurrentDictionary<string, TestUser> _identities = new();
    private readonly ConcurrentQueue<TokenGrant> _grants = new();

    public string CertificatePem => _signer.CertificatePem;

    public IReadOnlyCollection<TokenGrant> Grants => _grants;

    /// <summary>A token for as much of what is asked for as the user may do.</summary>
    public TokenGrant Issue(string grantType, TestUser? user, IEnumerable<Scope> asked)
    {
        Scope[] scopes = [.. asked.Select(scope => Reduce(scope, user)).Where(scope => scope.Actions.Count > 0)];
        var grant = new TokenGrant(grantType, user?.Name, scopes, Sign(user, scopes));
        _grants.Enqueue(grant);
        return grant;
    }

    /// <summary>A token for all of that.</summary>
    public string Sign(TestUser? user, Scope[] scopes)
    {
        var now = options.Clock.GetUtcNow();
        var end = now + options.Lifetime - options.RegistryLeeway;
        return _signer.Sign(new JsonObject
        {
            ["iss"] = options.Issuer,
            ["sub"] = user?.Name ?? "",
            ["aud"] = options.Service,
            ["exp"] = end.ToUnixTimeSeconds(),
            ["nbf"] = (end - options.Lifetime).ToUnixTimeSeconds(),
            ["iat"] = now.ToUnixTimeSeconds(),
            ["jti"] = RandomNumberGenerator.GetHexString(16),
            ["access"] = new JsonArray([.. scopes.Select(Claim)]),
        });
    }

    /// <summary>A token in place of a user's password: docker keeps it as the identity token.</summary>
    public string IssueIdentity(TestUser user)
    {
        var token = RandomNumberGenerator.GetHexString(32, lowercase: true);
        _identities[token] = user;
        return token;
    }

    public TestUser? FindIdentity(string token) => _identities.GetValueOrDefault(token);

    /// <summary>What a token allows now; null if it is forged, for another registry, or over.</summary>
    public IReadOnlyList<Scope>? Read(string token)
    {
        if (_signer.Read(token) is not { } claims || (string?)claims["aud"] != options.Service)
            return null;
        var end = DateTimeOffset.FromUnixTimeSeconds((long)claims["exp"]!) + options.RegistryLeeway;
        return options.Clock.GetUtcNow() < end
            ? [.. claims["access"]!.AsArray().Select(claim => Read(claim!))] : null;
    }

    public void Dispose() => _signer.Dispose();

    private static JsonNode Claim(Scope scope) => new JsonObject
    {
        ["type"] = scope.Type,
        ["name"] = scope.Name,
        ["actions"] = new JsonArray([.. scope.Actions.Select(action => JsonValue.Create(action))]),
    };

    private static Scope Read(JsonNode claim) =>
        new((string)claim["type"]!, (string)claim["name"]!, claim["actions"].Deserialize<string[]>()!);

    private static Scope Reduce(Scope scope, TestUser? user) => scope with
    {
        Actions = [.. scope.Actions.Where(action => user?.MayDo(scope.Name, action) ?? action == "pull")],
    };
}

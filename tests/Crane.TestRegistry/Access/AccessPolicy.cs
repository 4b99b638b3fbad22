using Microsoft.AspNetCore.Http;

namespace Crane.Testing.Access;

/// <summary>
/// Who may do what in a registry: the challenge with which a request is refused, as <c>WWW-Authenticate</c> has it; null
/// lets the request in.
/// </summary>
/// <param name="request">The request.</param>
/// <param name="needed">What it needs.</param>
internal delegate string? AccessPolicy(HttpRequest request, IReadOnlyList<Scope> needed);

/// <summary>The policies there are.</summary>
internal static class AccessPolicies
{
    /// <summary>Whatever the options ask for.</summary>
    public static AccessPolicy Of(TestRegistryOptions options) => options switch
    {
        { Tokens: { } tokens } => (request, needed) => tokens.Challenge(request.Headers.Authorization, needed),
        { Users: { Count: > 0 } users } => (request, _) =>
            BasicCredential.Find(users, BasicCredential.Parse(request.Headers.Authorization)) is null
                ? "Basic realm=\"test registry\"" : null,
        _ => (_, _) => null,
    };
}

using System.Net.Http.Headers;
using Crane.Adapters.Credentials;
using Crane.Adapters.Registry.Transport;

namespace Crane.Adapters.Registry.Tokens;

/// <summary>
/// How one registry lets us in. Its first challenge is remembered: from then on every request shows what it needs at once,
/// and nothing is refused that need not be.
/// </summary>
/// <param name="registry">The registry as image names have it.</param>
/// <param name="credentials">The credentials of this user; asked only when the registry wants one.</param>
/// <param name="tokens">Where tokens are had.</param>
/// <param name="mayBePlain">Whether the registry, being there, may send us to an address over plain http.</param>
/// <param name="time">The clock.</param>
internal sealed class RegistryAccess(
    string registry, RegistryCredentials credentials, TokenService tokens, Func<Uri, Uri, bool> mayBePlain, TimeProvider time) : IDisposable
{
    private readonly TokenCache _cache = new(time);
    private volatile Challenge? _challenge;
    private volatile bool _hasBeenLetIn;

    /// <summary>What a request shows; null for nothing, where the registry has not asked, or must say what it wants.</summary>
    /// <exception cref="CraneException">RegistryUnauthorized, RegistryUnreachable, InvalidValue.</exception>
    public async Task<ShownCredential?> ForAsync(ScopeSet scopes, Uri origin, CancellationToken cancellation) =>
        _challenge is not { } challenge || (challenge.IsBearer && scopes.IsEmpty)
            ? null
            : await ShowAsync(challenge, scopes, refused: null, origin, cancellation);

    /// <summary>Remembers what the registry wants.</summary>
    /// <returns>What this answer says; without a word, as something in between refuses, what was learned before. Null for nothing.</returns>
    public Challenge? Learn(HttpResponseMessage answer)
    {
        if (!answer.Headers.NonValidated.TryGetValues("WWW-Authenticate", out var headers))
            return _challenge;
        var challenges = ChallengeReader.Read(headers);
        // A token is better than a password in every request.
        if ((challenges.FirstOrDefault(one => one.IsBearer) ?? challenges.FirstOrDefault(one => one.IsBasic)) is not { } challenge)
            return _challenge;
        return _challenge = challenge;
    }

    /// <summary>What to show after a refusal.</summary>
    /// <param name="refusal">The answer, with status 401.</param>
    /// <param name="shown">What had been shown; null for nothing.</param>
    /// <param name="scopes">What the request is about.</param>
    /// <param name="origin">Where the registry is.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>Null where nothing else can be shown than what was refused.</returns>
    /// <exception cref="CraneException">RegistryUnauthorized, RegistryUnreachable, InvalidValue.</exception>
    public async Task<ShownCredential?> AfterAsync(
        HttpResponseMessage refusal, ShownCredential? shown, ScopeSet scopes, Uri origin, CancellationToken cancellation)
    {
        // Other requests may be refused at the same time, for other scopes.
        if (Learn(refusal) is not { } challenge)
            throw AccessFaults.NoChallenge(registry, await AnswerFaults.StatusAsync(refusal, cancellation));
        // Nothing can be renewed of a password, but one that was good a moment ago may be shown once more.
        if (shown is { Token: null })
            return _hasBeenLetIn ? shown : null;
        return await ShowAsync(challenge, scopes.With(challenge.Scopes), shown?.Token, origin, cancellation);
    }

    /// <summary>Remembers that the registry has taken what it was shown.</summary>
    public void LetIn() => _hasBeenLetIn = true;

    /// <summary>Whether the registry, as far as it is known, wants a token.</summary>
    public bool WantsToken => _challenge is { IsBearer: true };

    /// <summary>Shows the credential to the token service, for nothing in particular.</summary>
    /// <returns>A token that stands for the password from now on; null where the service gives none.</returns>
    /// <exception cref="CraneException">RegistryUnauthorized, RegistryUnreachable, InvalidValue.</exception>
    public async Task<IdentityTokenCredential?> LogInAsync(Uri origin, CancellationToken cancellation)
    {
        var challenge = _challenge!;
        var credential = await CredentialAsync(cancellation);
        var request = new TokenRequest(Realm(challenge, origin), challenge.Service, ScopeSet.Empty, credential);
        return await tokens.LogInAsync(request, cancellation);
    }

    /// <summary>The credential of this user for the registry; null for none.</summary>
    /// <exception cref="CraneException">RegistryUnauthorized, InvalidValue.</exception>
    public Task<RegistryCredential?> CredentialAsync(CancellationToken cancellation) => credentials.GetAsync(registry, cancellation);

    /// <summary>An error of this registry, with the credential helper that failed, where it may be for that.</summary>
    public CraneException Explain(CraneException error) => credentials.Explain(error, registry);

    public void Dispose() => _cache.Dispose();

    private async Task<ShownCredential> ShowAsync(
        Challenge challenge, ScopeSet scopes, AccessToken? refused, Uri origin, CancellationToken cancellation)
    {
        var credential = await CredentialAsync(cancellation);
        if (challenge.IsBasic)
        {
            return credential is PasswordCredential given
                ? new(TokenRequest.Basic(given.UserName, given.Password), given, Token: null)
                : throw AccessFaults.NoPassword(registry, credential);
        }
        if (credential is BearerTokenCredential bearer)
            return new(Bearer(bearer.Token), bearer, Token: null);

        var request = new TokenRequest(Realm(challenge, origin), challenge.Service, scopes, credential);
        var token = await _cache.GetAsync(scopes, refused, canceled => tokens.GetAsync(request, canceled), cancellation);
        return new(Bearer(token.Value), credential, token);
    }

    private Uri Realm(Challenge challenge, Uri origin)
    {
        if (GivenAddress.Read(challenge.Realm) is not { } realm
            || (realm.Scheme != Uri.UriSchemeHttps && realm.Scheme != Uri.UriSchemeHttp))
            throw AccessFaults.NoRealm(registry);
        return realm.Scheme == Uri.UriSchemeHttps || (origin.Scheme == Uri.UriSchemeHttp && mayBePlain(origin, realm))
            ? realm
            : throw AccessFaults.PlainRealm(registry, realm);
    }

    private AuthenticationHeaderValue Bearer(string token) =>
        HeaderText.CanCarry(token) ? new("Bearer", token) : throw AccessFaults.UnusableToken(registry);
}

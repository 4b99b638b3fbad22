using System.Net;
using System.Net.Http.Headers;
using Crane.Adapters.Credentials;

namespace Crane.Adapters.Registry.Http;

/// <summary>
/// Authorizes the requests to one registry, and no others. It remembers the registry's challenge, so that every later request has its
/// credential at once. The very first request goes alone, or each of those beside it would be refused once.
/// </summary>
internal sealed class AuthorizationHandler(RegistryOrigin origin, TokenClient tokens, TimeProvider time) : DelegatingHandler
{
    private readonly TokenCache _cache = new(time);
    private readonly CredentialLookup _lookup = new();
    private readonly TaskCompletionSource _firstIsDone = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _entered;
    private bool _isDisposed;
    private volatile Challenge? _challenge;
    private volatile bool _wasAuthorized;

    /// <summary>Whether a credential was refused, or its helper failed: then the next cmdlet must not use this client.</summary>
    public bool IsRefused { get; private set; }

    /// <summary>Whether the registry has asked for a token.</summary>
    public bool RequiresToken => _challenge is { IsBearer: true };

    /// <summary>Sends the credential to the token service, without a scope.</summary>
    /// <returns>An identity token, which replaces the password; null where the service returns none.</returns>
    /// <exception cref="CraneException">RegistryUnauthorized, RegistryUnreachable, InvalidValue.</exception>
    public async Task<IdentityTokenCredential?> LogInAsync(Caller caller, CancellationToken cancellation)
    {
        var credential = await CredentialAsync(caller, cancellation);
        var request = new TokenRequest(Realm(_challenge!), _challenge!.Service, ScopeSet.Empty, credential);
        return await tokens.LogInAsync(request, caller, cancellation);
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var message = (RegistryMessage)request;
        var isFirst = Interlocked.Exchange(ref _entered, 1) == 0;
        if (!isFirst && !_firstIsDone.Task.IsCompleted)
            await _firstIsDone.Task.WaitAsync(cancellationToken);
        var scopes = ScopeSet.Of(message.Request.Scopes);
        Authorization? sent = null;
        try
        {
            if (NeedsAuthorization(message, scopes))
                sent = await AuthorizeAsync(_challenge!, scopes, refused: null, message.Caller, cancellationToken);
            message.Headers.Authorization = sent?.Header;
            var response = await base.SendAsync(message, cancellationToken);
            if (response.StatusCode is not (HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden))
            {
                _wasAuthorized |= sent is not null;
                return response;
            }

            var challenge = origin.IsOurs(message.RequestUri!) ? Learn(response) : null;
            if (isFirst)
                _firstIsDone.TrySetResult();
            return message.Request.IsAnonymous
                ? response : await RespondAsync(message, response, challenge, sent, scopes, cancellationToken);
        }
        catch (CraneException error) when (error.Id == CraneErrorId.RegistryUnauthorized)
        {
            IsRefused = true;
            throw message.Caller.Credentials.Explain(error, origin.Registry);
        }
        finally
        {
            if (isFirst)
                _firstIsDone.TrySetResult();
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_isDisposed)
        {
            _isDisposed = true;
            _cache.Dispose();
            _lookup.Dispose();
        }
        base.Dispose(disposing);
    }

    // Nothing is sent before the registry has asked for it; and a token without scopes is of no use.
    private bool NeedsAuthorization(RegistryMessage message, ScopeSet scopes) =>
        !message.Request.IsAnonymous && _challenge is { } challenge && !(challenge.IsBearer && scopes.IsEmpty)
        && origin.IsOurs(message.RequestUri!);

    /// <returns>The challenge of this response, else the latest one before; null for none. A proxy refuses without a challenge.</returns>
    private Challenge? Learn(HttpResponseMessage response)
    {
        if (response.StatusCode != HttpStatusCode.Unauthorized
            || !response.Headers.NonValidated.TryGetValues("WWW-Authenticate", out var headers))
            return _challenge;
        var challenges = ChallengeReader.Read(headers);
        // A token is preferred to sending the password with every request.
        if ((challenges.FirstOrDefault(one => one.IsBearer) ?? challenges.FirstOrDefault(one => one.IsBasic)) is { } challenge)
            _challenge = challenge;
        return _challenge;
    }

    /// <summary>Sends a refused request again, with the credential that the response asks for.</summary>
    private async Task<HttpResponseMessage> RespondAsync(
        RegistryMessage message, HttpResponseMessage refusal, Challenge? challenge, Authorization? sent, ScopeSet scopes,
        CancellationToken cancellation)
    {
        var isOurs = origin.IsOurs(message.RequestUri!);
        if (isOurs && refusal.StatusCode == HttpStatusCode.Unauthorized
            && await RenewAsync(refusal, challenge, sent, scopes, message.Caller, cancellation) is { } next)
        {
            refusal.Dispose();
            sent = next;
            message.Headers.Authorization = next.Header;
            refusal = await base.SendAsync(message, cancellation);
            if (refusal.StatusCode is not (HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden))
            {
                _wasAuthorized = true;
                return refusal;
            }
        }

        using (refusal)
        {
            var status = await ResponseErrors.StatusAsync(refusal, cancellation);
            throw isOurs
                ? AccessErrors.Refused(origin.Registry, message.Request.Scopes, sent?.Credential, status)
                : ResponseErrors.RefusedElsewhere(origin.Title, message.RequestUri!, status);
        }
    }

    /// <summary>What to send after a refusal; null where it would be the same again.</summary>
    private async Task<Authorization?> RenewAsync(
        HttpResponseMessage refusal, Challenge? challenge, Authorization? sent, ScopeSet scopes, Caller caller,
        CancellationToken cancellation)
    {
        if (challenge is null)
            throw AccessErrors.NoChallenge(origin.Registry, await ResponseErrors.StatusAsync(refusal, cancellation));
        // A password cannot be renewed, but one that worked before is sent again once.
        if (sent is { Token: null })
            return _wasAuthorized ? sent : null;
        return await AuthorizeAsync(challenge, scopes.With(challenge.Scopes), sent?.Token, caller, cancellation);
    }

    private async Task<Authorization> AuthorizeAsync(
        Challenge challenge, ScopeSet scopes, AccessToken? refused, Caller caller, CancellationToken cancellation)
    {
        var credential = await CredentialAsync(caller, cancellation);
        if (challenge.IsBasic)
        {
            return credential is PasswordCredential login
                ? new(TokenRequest.Basic(login.UserName, login.Password), login, Token: null)
                : throw AccessErrors.NoPassword(origin.Registry, credential);
        }
        if (credential is BearerTokenCredential bearer)
            return new(Bearer(bearer.Token), bearer, Token: null);

        var request = new TokenRequest(Realm(challenge), challenge.Service, scopes, credential);
        var token = await _cache.GetAsync(scopes, refused, stop => tokens.GetAsync(request, caller, stop), cancellation);
        return new(Bearer(token.Value), credential, token);
    }

    private async Task<RegistryCredential?> CredentialAsync(Caller caller, CancellationToken cancellation)
    {
        var credential = await _lookup.GetAsync(token => caller.Credentials.GetAsync(origin.Registry, token), cancellation);
        // A helper that failed is asked again by the next cmdlet.
        IsRefused |= caller.Credentials.FailureOf(origin.Registry) is not null;
        return credential;
    }

    private Uri Realm(Challenge challenge)
    {
        if (HeaderValues.Address(challenge.Realm) is not { } realm
            || (realm.Scheme != Uri.UriSchemeHttps && realm.Scheme != Uri.UriSchemeHttp))
            throw AccessErrors.NoRealm(origin.Registry);
        return realm.Scheme == Uri.UriSchemeHttps || (origin.Found!.Scheme == Uri.UriSchemeHttp && origin.MayBePlain(realm))
            ? realm
            : throw AccessErrors.PlainRealm(origin.Registry, realm);
    }

    private AuthenticationHeaderValue Bearer(string token) =>
        HeaderValues.CanCarry(token) ? new("Bearer", token) : throw AccessErrors.UnusableToken(origin.Registry);

    private sealed record Authorization(AuthenticationHeaderValue Header, RegistryCredential? Credential, AccessToken? Token)
    {
        // Never the secret, whatever prints this.
        public override string ToString() => nameof(Authorization);
    }
}

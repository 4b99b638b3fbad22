using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Crane.Adapters.Credentials;

namespace Crane.Adapters.Registry.Http;

/// <summary>Requests tokens from a registry's token service, after docker's token specification.</summary>
internal sealed class TokenClient(string registry, HttpMessageInvoker sender, TimeProvider time)
{
    public async Task<AccessToken> GetAsync(TokenRequest request, Caller caller, CancellationToken cancellation)
    {
        var sent = time.GetUtcNow();
        var (token, date) = await RequestAsync(request, caller, cancellation);
        return new AccessToken(token.Value!, request.Scopes, token.UseUntil(sent, date));
    }

    /// <summary>Requests a token only to check the credential.</summary>
    /// <returns>An identity token, which replaces the password; null where the service returns none.</returns>
    public async Task<IdentityTokenCredential?> LogInAsync(TokenRequest request, Caller caller, CancellationToken cancellation)
    {
        var (token, _) = await RequestAsync(request with { RequestsIdentityToken = true }, caller, cancellation);
        return string.IsNullOrEmpty(token.RefreshToken) ? null : new IdentityTokenCredential(token.RefreshToken);
    }

    private async Task<(TokenResponse Token, DateTimeOffset? Date)> RequestAsync(
        TokenRequest request, Caller caller, CancellationToken cancellation)
    {
        var title = $"The token service '{request.Realm.Authority}' of the registry '{registry}'";
        using var response = await SendAsync(request, title, caller, cancellation);
        if (!response.IsSuccessStatusCode)
        {
            var isRefusal = response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.BadRequest;
            throw AccessErrors.TokenRefused(
                registry, title, request.Credential, await ResponseErrors.StatusAsync(response, cancellation), isRefusal);
        }
        if (ResponseErrors.IsWebPage(response))
            throw ResponseErrors.WebPage(title, response, "a token");
        return await TokenResponse.ReadAsync(response, cancellation) is { IsUsable: true } token
            ? (token, response.Headers.Date)
            : throw AccessErrors.NoToken(title);
    }

    private async Task<HttpResponseMessage> SendAsync(TokenRequest request, string title, Caller caller, CancellationToken cancellation)
    {
        if (request is { Credential: IdentityTokenCredential identity })
        {
            var form = new RequestBody(() => request.ToForm(identity), size: 0);
            var response = await sender.SendAsync(Message(HttpMethod.Post, request.Realm, title, form, caller), cancellation);
            // Harbor responds with 404 to what it does not know, Artifactory with 401; both take the token as a password.
            if (response.StatusCode is not (HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed or HttpStatusCode.Unauthorized))
                return response;
            response.Dispose();
        }
        var message = Message(HttpMethod.Get, request.ToAddress(), title, body: null, caller);
        message.Headers.Authorization = request.Authorization();
        return await sender.SendAsync(message, cancellation);
    }

    private RegistryMessage Message(HttpMethod method, Uri address, string title, RequestBody? body, Caller caller) =>
        new(new RegistryRequest(method, registry, address.PathAndQuery), method, address, title, body, caller);
}

/// <summary>A request for a token.</summary>
internal sealed record TokenRequest(Uri Realm, string? Service, ScopeSet Scopes, RegistryCredential? Credential)
{
    // OAuth2 requires a name of the client; services ignore it.
    private const string ClientId = "crane";

    /// <summary>Whether an identity token is requested, too.</summary>
    public bool RequestsIdentityToken { get; init; }

    public Uri ToAddress()
    {
        var query = new StringBuilder(Realm.Query.TrimStart('?'));
        Add("service", Service);
        foreach (var scope in Scopes.Scopes)
            Add("scope", scope);
        if (Credential is PasswordCredential { UserName: var user })
            Add("account", user);
        if (RequestsIdentityToken)
        {
            Add("offline_token", "true");
            Add("client_id", ClientId);
        }
        return HeaderValues.Address($"?{query}", Realm)!;

        void Add(string name, string? value)
        {
            if (value is not null)
                query.Append(query.Length == 0 ? "" : "&").Append(name).Append('=').Append(WebUtility.UrlEncode(value));
        }
    }

    /// <summary>The header Authorization: the password, or the identity token in its place.</summary>
    public AuthenticationHeaderValue? Authorization() => Credential switch
    {
        PasswordCredential login => Basic(login.UserName, login.Password),
        IdentityTokenCredential login => Basic("", login.Token),
        _ => null,
    };

    /// <summary>The body of a POST after OAuth2, with an identity token.</summary>
    public HttpContent ToForm(IdentityTokenCredential identity)
    {
        var form = new List<KeyValuePair<string, string>>
        {
            new("grant_type", "refresh_token"), new("refresh_token", identity.Token), new("client_id", ClientId),
        };
        if (Service is not null)
            form.Add(new("service", Service));
        if (!Scopes.IsEmpty)
            form.Add(new("scope", Scopes.ToString()));
        return new FormUrlEncodedContent(form);
    }

    public static AuthenticationHeaderValue Basic(string user, string password) =>
        new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}")));

    public override string ToString() => nameof(TokenRequest);
}

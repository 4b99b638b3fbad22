using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Crane.Adapters.Credentials;
using Crane.Adapters.Registry.Transport;

namespace Crane.Adapters.Registry.Tokens;

/// <summary>How a token is asked for.</summary>
/// <param name="Realm">Where.</param>
/// <param name="Service">For whom it is; null where the registry did not say.</param>
/// <param name="Scopes">For what.</param>
/// <param name="Credential">What is shown for it; null to go without.</param>
internal sealed record TokenRequest(Uri Realm, string? Service, ScopeSet Scopes, RegistryCredential? Credential)
{
    // OAuth2 wants every client to have a name; services do nothing with it.
    private const string ClientId = "crane";

    /// <summary>Whether a token that stands for the password is asked for, too.</summary>
    public bool WantsIdentityToken { get; init; }

    /// <summary>The request as docker's token specification has it: GET, with the password in a header.</summary>
    public HttpRequestMessage ToGet()
    {
        var query = new StringBuilder(Realm.Query.TrimStart('?'));
        Add("service", Service);
        foreach (var scope in Scopes.Scopes)
            Add("scope", scope);
        if (Credential is PasswordCredential { UserName: var user })
            Add("account", user);
        if (WantsIdentityToken)
            Add("offline_token", "true");
        if (WantsIdentityToken)
            Add("client_id", ClientId);
        var request = new HttpRequestMessage(HttpMethod.Get, GivenAddress.Read($"?{query}", Realm));
        request.Headers.Authorization = Credential switch
        {
            PasswordCredential given => Basic(given.UserName, given.Password),
            IdentityTokenCredential given => Basic("", given.Token),
            _ => null,
        };
        return request;

        void Add(string name, string? value)
        {
            if (value is not null)
                query.Append(query.Length == 0 ? "" : "&").Append(name).Append('=').Append(WebUtility.UrlEncode(value));
        }
    }

    /// <summary>The body of the request as OAuth2 has it, for POST: with a token that stands for the password.</summary>
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

    /// <summary>A user name and a password as a header shows them.</summary>
    public static AuthenticationHeaderValue Basic(string user, string password) =>
        new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}")));

    /// <summary>Never the secret, whatever prints this.</summary>
    public override string ToString() => nameof(TokenRequest);
}

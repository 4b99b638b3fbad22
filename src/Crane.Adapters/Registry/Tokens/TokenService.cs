using System.Net;
using Crane.Adapters.Credentials;
using Crane.Adapters.Registry.Transport;

namespace Crane.Adapters.Registry.Tokens;

/// <summary>Asks a registry's token service for tokens, after docker's token specification.</summary>
/// <param name="registry">The registry as image names have it.</param>
/// <param name="wire">Sends the requests.</param>
/// <param name="retry">Tries again.</param>
/// <param name="time">The clock.</param>
internal sealed class TokenService(string registry, RegistryWire wire, RegistryRetry retry, TimeProvider time)
{
    /// <summary>Gets a token.</summary>
    /// <exception cref="CraneException">RegistryUnauthorized where it is refused; RegistryUnreachable.</exception>
    public async Task<AccessToken> GetAsync(TokenRequest request, CancellationToken cancellation)
    {
        var asked = time.GetUtcNow();
        var (answer, answered) = await AskAsync(request, cancellation);
        return new AccessToken(answer.Value!, request.Scopes, answer.UseUntil(asked, answered));
    }

    /// <summary>Gets a token only to see whether the credential is accepted.</summary>
    /// <returns>A token that stands for the password from now on; null where the service gives none.</returns>
    /// <exception cref="CraneException">As above.</exception>
    public async Task<IdentityTokenCredential?> LogInAsync(TokenRequest request, CancellationToken cancellation)
    {
        var (answer, _) = await AskAsync(request with { WantsIdentityToken = true }, cancellation);
        return string.IsNullOrEmpty(answer.RefreshToken) ? null : new IdentityTokenCredential(answer.RefreshToken);
    }

    private async Task<(TokenAnswer Answer, DateTimeOffset? Answered)> AskAsync(TokenRequest request, CancellationToken cancellation)
    {
        var peer = $"The token service '{request.Realm.Authority}' of the registry '{registry}'";
        using var answer = await SendAsync(request, peer, cancellation);
        if (!answer.IsSuccessStatusCode)
        {
            var isRefusal = answer.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.BadRequest;
            throw AccessFaults.TokenRefused(
                registry, peer, request.Credential, await AnswerFaults.StatusAsync(answer, cancellation), isRefusal);
        }
        if (WebPage.Is(answer))
            throw WebPage.Fault(peer, answer, "a token");
        return await TokenAnswer.ReadAsync(answer, cancellation) is { IsUsable: true } token
            ? (token, answer.Headers.Date)
            : throw AccessFaults.NoToken(peer);
    }

    private async Task<HttpResponseMessage> SendAsync(TokenRequest request, string peer, CancellationToken cancellation)
    {
        if (request is { Credential: IdentityTokenCredential identity })
        {
            var form = new RequestBody(() => request.ToForm(identity), size: 0);
            var answer = await TryAsync(() => new HttpRequestMessage(HttpMethod.Post, request.Realm), form, peer, cancellation);
            // Harbor answers 404 to what it does not know, Artifactory 401; both take the token as a password.
            if (answer.StatusCode is not (HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed or HttpStatusCode.Unauthorized))
                return answer;
            answer.Dispose();
        }
        return await TryAsync(request.ToGet, body: null, peer, cancellation);
    }

    // A redirect is not followed: the credential was meant for the realm that the registry named.
    private Task<HttpResponseMessage> TryAsync(
        Func<HttpRequestMessage> make, RequestBody? body, string peer, CancellationToken cancellation) => retry.RunAsync(
            new RetryableRequest(IsRepeatable: true, body), _ => peer,
            async token =>
            {
                using var message = make();
                RequestMessages.Prepare(message);
                return await wire.SendAsync(message, peer, body, isStreamed: false, token);
            },
            cancellation);
}

using System.Net;

namespace Crane.Adapters.Registry.Transport;

/// <summary>Sends requests to one registry or mirror.</summary>
/// <param name="peer">The registry.</param>
/// <param name="origins">Finds out where it is.</param>
/// <param name="retry">Tries again.</param>
internal sealed class RegistryHost(RegistryPeer peer, OriginSearch origins, RegistryRetry retry) : IDisposable
{
    private const string Root = "/v2/";

    private readonly FirstContact _contact = new();

    /// <summary>Whether an address is this registry's own.</summary>
    public bool Serves(Uri address) => origins.Found is { } origin && RegistryOrigin.IsSame(origin, address);

    /// <summary>Sends a request, as often as it takes.</summary>
    /// <exception cref="CraneException">As <see cref="IRegistryHttp.SendAsync"/>.</exception>
    public Task<HttpResponseMessage> SendAsync(RegistryRequest request, CancellationToken cancellation)
    {
        var body = request.Content is { } make ? new RequestBody(make, request.Size) : null;
        return request.IsShortcut ? TryAsync(request, body, cancellation) : retry.RunAsync(
            new RetryableRequest(request.IsRepeatable, body), address => TitleOf(request.Method, address),
            token => TryAsync(request, body, token), cancellation);
    }

    /// <summary>Sends a request without a body once. The answer may be one that another try could better.</summary>
    /// <exception cref="CraneException">As <see cref="IRegistryHttp.SendAsync"/>.</exception>
    public Task<HttpResponseMessage> TryAsync(RegistryRequest request, CancellationToken cancellation) =>
        TryAsync(request, body: null, cancellation);

    /// <summary>Checks this user's credential, for nothing in particular.</summary>
    /// <exception cref="CraneException">
    /// RegistryUnauthorized where it is refused; RegistryUnreachable for what is no registry, too.
    /// </exception>
    public async Task<LoginCheck> LogInAsync(CancellationToken cancellation)
    {
        var ping = new RegistryRequest(HttpMethod.Get, peer.Name, Root);
        using var anonymous = await retry.RunAsync(
            RetryableRequest.Simple, _ => peer.Title, token => SearchAsync(ping, token), cancellation);
        if (anonymous.StatusCode != HttpStatusCode.Unauthorized)
            return await CheckAsync(anonymous, wasAsked: false, cancellation);
        if (peer.Access.WantsToken)
            return new LoginCheck(WasAsked: true, await peer.Access.LogInAsync(origins.Found!, cancellation));
        using var answer = await SendAsync(ping, cancellation);
        return await CheckAsync(answer, wasAsked: true, cancellation);
    }

    public void Dispose()
    {
        peer.Access.Dispose();
        peer.Wire.Dispose();
    }

    private async Task<LoginCheck> CheckAsync(HttpResponseMessage answer, bool wasAsked, CancellationToken cancellation) =>
        answer.IsSuccessStatusCode && !WebPage.Is(answer)
            ? new LoginCheck(wasAsked, IdentityToken: null)
            : throw AnswerFaults.NotARegistry(peer.Title, await AnswerFaults.StatusAsync(answer, cancellation));

    private string TitleOf(HttpMethod method, Uri address) =>
        new Redirects(peer, origins.Found!).IsOurs(address) ? peer.Title : peer.Elsewhere(method, address);

    private async Task<HttpResponseMessage> TryAsync(RegistryRequest request, RequestBody? body, CancellationToken cancellation)
    {
        try
        {
            var first = await ContactAsync(request, cancellation);
            return await new RegistryExchange(peer, origins.Found!, request, body).RunAsync(first, cancellation);
        }
        catch (CraneException refusal) when (refusal.Id == CraneErrorId.RegistryUnauthorized)
        {
            throw peer.Access.Explain(refusal);
        }
    }

    /// <summary>Makes contact where there has been none yet: with the request itself, if it can be that.</summary>
    /// <returns>The answer to it; null where it has not been sent.</returns>
    private async Task<HttpResponseMessage?> ContactAsync(RegistryRequest request, CancellationToken cancellation)
    {
        var isMine = await _contact.IsMineAsync(cancellation);
        try
        {
            if (origins.Found is not null)
                return null;
            if (request.Content is null && request.Path.StartsWith('/'))
                return await SearchAsync(request, cancellation);
            (await SearchAsync(new RegistryRequest(HttpMethod.Get, peer.Name, Root), cancellation)).Dispose();
            return null;
        }
        finally
        {
            if (isMine)
                _contact.Done();
        }
    }

    private async Task<HttpResponseMessage> SearchAsync(RegistryRequest request, CancellationToken cancellation)
    {
        var answer = await origins.SendAsync(async origin =>
        {
            var address = new Redirects(peer, origin).Resolve(request.Path);
            using var message = RequestMessages.Of(request, request.Method, address, authorization: null);
            return await peer.Wire.SendAsync(message, peer.Title, body: null, request.IsStreamed, cancellation);
        });
        if (answer.StatusCode == HttpStatusCode.Unauthorized)
            peer.Access.Learn(answer);
        return answer;
    }
}

using System.Net;
using Crane.Adapters.Registry.Tokens;

namespace Crane.Adapters.Registry.Transport;

/// <summary>One try of a request: shows the registry what it wants, once, and goes where it sends us.</summary>
/// <param name="peer">The registry.</param>
/// <param name="origin">Where it is.</param>
/// <param name="request">The request.</param>
/// <param name="body">Its body; null for none.</param>
internal sealed class RegistryExchange(RegistryPeer peer, Uri origin, RegistryRequest request, RequestBody? body)
{
    private readonly Redirects _redirects = new(peer, origin);
    private readonly ScopeSet _scopes = ScopeSet.Of(request.Scopes);
    private HttpMethod _method = request.Method;
    private RequestBody? _body = body;
    private ShownCredential? _shown;
    private bool _hasAnsweredRefusal;
    private int _hops;

    /// <summary>Sends the request to its end.</summary>
    /// <param name="first">The answer to it, where it has been sent already without showing anything.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="CraneException">As <see cref="IRegistryHttp.SendAsync"/>.</exception>
    public async Task<HttpResponseMessage> RunAsync(HttpResponseMessage? first, CancellationToken cancellation)
    {
        var address = _redirects.Resolve(request.Path);
        if (first is null && _redirects.IsOurs(address))
            _shown = await peer.Access.ForAsync(_scopes, origin, cancellation);
        var answer = first ?? await SendAsync(address, cancellation);
        while (await NextAsync(address, answer, cancellation) is { } next)
        {
            answer.Dispose();
            address = next;
            answer = await SendAsync(address, cancellation);
        }
        if (_shown is not null)
            peer.Access.LetIn();
        return answer;
    }

    private async Task<HttpResponseMessage> SendAsync(Uri address, CancellationToken cancellation)
    {
        var header = _redirects.IsOurs(address) ? _shown?.Header : null;
        using var message = RequestMessages.Of(request, _method, address, header);
        var title = _redirects.IsOurs(address) ? peer.Title : peer.Elsewhere(_method, address);
        return await peer.Wire.SendAsync(message, title, _body, request.IsStreamed, cancellation);
    }

    /// <summary>Where to go after that answer; null where it is the one to give.</summary>
    private async Task<Uri?> NextAsync(Uri address, HttpResponseMessage answer, CancellationToken cancellation)
    {
        if (answer.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
        {
            return await TryToBeLetInAsync(address, answer, cancellation)
                ? address : throw await RefusalAsync(address, answer, cancellation);
        }
        if (!Redirects.IsOne(answer))
            return null;
        if (++_hops > Redirects.Most)
            throw AnswerFaults.Redirect(peer.Title, "after another, without an end");
        if (answer.StatusCode == HttpStatusCode.SeeOther && _method != HttpMethod.Head)
            (_method, _body) = (HttpMethod.Get, null);
        return _redirects.Follow(answer);
    }

    private async Task<bool> TryToBeLetInAsync(Uri address, HttpResponseMessage answer, CancellationToken cancellation)
    {
        if (answer.StatusCode != HttpStatusCode.Unauthorized || _hasAnsweredRefusal || !_redirects.IsOurs(address))
            return false;
        _hasAnsweredRefusal = true;
        if (await peer.Access.AfterAsync(answer, _shown, _scopes, origin, cancellation) is not { } next)
            return false;
        _shown = next;
        return true;
    }

    private async Task<CraneException> RefusalAsync(Uri address, HttpResponseMessage answer, CancellationToken cancellation)
    {
        var status = await AnswerFaults.StatusAsync(answer, cancellation);
        answer.Dispose();
        return _redirects.IsOurs(address)
            ? AccessFaults.Refused(peer.Name, request.Scopes, _shown?.Credential, status)
            : AnswerFaults.RefusedElsewhere(peer.Title, address, status);
    }
}

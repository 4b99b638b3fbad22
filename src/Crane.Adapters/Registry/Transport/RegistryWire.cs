namespace Crane.Adapters.Registry.Transport;

/// <summary>
/// Sends single requests for one registry, over connections that are kept: counts and traces them, bounds their time, and
/// makes our own errors of what keeps them from being answered.
/// </summary>
/// <param name="handler">What speaks HTTP; it follows no redirect and knows no credential.</param>
/// <param name="timeouts">How long is waited.</param>
/// <param name="time">The clock.</param>
/// <param name="log">Counts and traces.</param>
internal sealed class RegistryWire(HttpMessageHandler handler, RegistryTimeouts timeouts, TimeProvider time, RequestLog log) : IDisposable
{
    private readonly HttpMessageInvoker _invoker = new(handler);

    /// <summary>Sends a request. The headers of the answer have been read; reading its body throws CraneException.</summary>
    /// <param name="request">The request, with its full address.</param>
    /// <param name="peer">Who is spoken to, as messages have it.</param>
    /// <param name="body">The request's body; null for none.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="CraneException">RegistryUnreachable; transient where it may pass.</exception>
    public async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, string peer, RequestBody? body, CancellationToken cancellation)
    {
        var isRead = request.Method == HttpMethod.Get || request.Method == HttpMethod.Head;
        var limit = isRead ? timeouts.Read : timeouts.Write;
        using var patience = new Patience(time);
        await using var stopping = patience.Until(cancellation);
        request.Content = body?.Make(patience, timeouts);
        log.Count();
        try
        {
            patience.Begin(limit);
            var answer = await _invoker.SendAsync(request, patience.Token);
            log.Trace(RequestTrace.Line(request, answer));
            answer.Content = new AnswerContent(
                answer.Content,
                stream => new AnswerStream(stream, timeouts.Stall, time, fault => WireFaults.Broken(peer, fault, timeouts.Stall)));
            return answer;
        }
        catch (HttpRequestException fault)
        {
            throw Traced(request, WireFaults.Of(peer, fault));
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellation);
        }
        catch (OperationCanceledException fault)
        {
            throw Traced(request, patience.Token.IsCancellationRequested
                ? WireFaults.Silent(peer, limit) : WireFaults.NotConnected(peer, timeouts.Connect, fault));
        }
    }

    public void Dispose() => _invoker.Dispose();

    private CraneException Traced(HttpRequestMessage request, CraneException error)
    {
        log.Trace(RequestTrace.Line(request, error.Message));
        return error;
    }
}

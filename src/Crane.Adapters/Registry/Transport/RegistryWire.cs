using Crane.Adapters.Registry.Transport.Proxies;

namespace Crane.Adapters.Registry.Transport;

/// <summary>
/// Sends single requests for one registry, over connections that are kept: counts and traces them, bounds their time, and
/// makes our own errors of what keeps them from being answered.
/// </summary>
/// <param name="handler">What speaks HTTP; it follows no redirect and knows no credential.</param>
/// <param name="proxy">The proxies that it goes through.</param>
/// <param name="timeouts">How long is waited.</param>
/// <param name="time">The clock.</param>
/// <param name="log">Counts and traces.</param>
internal sealed class RegistryWire(
    HttpMessageHandler handler, EnvironmentProxy proxy, RegistryTimeouts timeouts, TimeProvider time, RequestLog log) : IDisposable
{
    private readonly HttpMessageInvoker _invoker = new(handler);

    /// <summary>Sends a request. The headers of the answer have been read; reading its body throws CraneException.</summary>
    /// <param name="request">The request, with its full address.</param>
    /// <param name="peer">Who is spoken to, as messages have it.</param>
    /// <param name="body">The request's body; null for none.</param>
    /// <param name="isStreamed">Whether the answer's body may go on for as long as it comes; else it is one that is read whole.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="CraneException">RegistryUnreachable; transient where it may pass.</exception>
    public async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, string peer, RequestBody? body, bool isStreamed, CancellationToken cancellation)
    {
        var limit = timeouts.Answer(request.Method, body?.Size ?? 0);
        using var patience = new Patience(time, Waiting);
        await using var stopping = patience.Until(cancellation);
        request.Content = body?.Make(patience, timeouts.Stall, limit);
        log.Count();
        try
        {
            patience.Begin(limit);
            var answer = await _invoker.SendAsync(request, patience.Token);
            log.Trace(RequestTrace.Line(request, answer));
            answer.Content = new AnswerContent(answer.Content, stream => new AnswerStream(
                stream, timeouts.Stall, isStreamed ? null : timeouts.Whole, time, Waiting,
                (fault, isWhole) => WireFaults.Broken(peer, fault, isWhole ? timeouts.Whole : timeouts.Stall, isWhole)));
            return answer;
        }
        catch (HttpRequestException fault)
        {
            throw Traced(request, WireFaults.Of(peer, fault, proxy.Title(request.RequestUri!)));
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellation);
        }
        catch (OperationCanceledException fault)
        {
            throw Traced(request, patience.Token.IsCancellationRequested
                ? WireFaults.Silent(peer, limit)
                : WireFaults.NotConnected(peer, timeouts.Connect, fault, proxy.Title(request.RequestUri!)));
        }

        void Waiting(TimeSpan limit) => log.Step($"{peer} is silent; giving up after {limit.TotalSeconds:0} seconds");
    }

    public void Dispose() => _invoker.Dispose();

    private CraneException Traced(HttpRequestMessage request, CraneException error)
    {
        log.Trace(RequestTrace.Line(request, error.Message));
        return error;
    }
}

namespace Crane.Adapters.Registry.Http;

/// <summary>
/// Sends each request: counts and traces it, limits its time, and turns exceptions into our own errors.
/// </summary>
internal sealed class SendHandler(EnvironmentProxy proxy, RegistryTimeouts timeouts, TimeProvider time) : DelegatingHandler
{
    /// <exception cref="CraneException">RegistryUnreachable. Reading the body throws it, too.</exception>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var message = (RegistryMessage)request;
        var log = message.Caller.Log;
        var limit = timeouts.Response(message.Method, message.Body?.Size ?? 0);
        using var timeout = new StepTimeout(time, Waiting);
        await using var stopping = timeout.Until(cancellationToken);
        message.Content = message.Body?.Make(timeout, timeouts.Stall, limit);
        log.Count();
        try
        {
            timeout.Begin(limit);
            var response = await base.SendAsync(message, timeout.Token);
            log.Trace(message, response);
            response.Content = new ResponseContent(response.Content, stream => new ResponseStream(
                stream, timeouts.Stall, message.Request.IsStreamed ? null : timeouts.Whole, time, Waiting,
                (error, isWhole) => ConnectionErrors.Broken(message.Title, error, isWhole ? timeouts.Whole : timeouts.Stall, isWhole)));
            return response;
        }
        catch (HttpRequestException exception)
        {
            throw Traced(ConnectionErrors.Of(message.Title, exception, proxy.Title(message.RequestUri!)));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
        catch (OperationCanceledException exception)
        {
            throw Traced(timeout.Token.IsCancellationRequested
                ? ConnectionErrors.Silent(message.Title, limit)
                : ConnectionErrors.NotConnected(message.Title, timeouts.Connect, exception, proxy.Title(message.RequestUri!)));
        }

        void Waiting(TimeSpan limit) => log.Step($"{message.Title} does not respond; giving up after {limit.TotalSeconds:0} seconds");

        CraneException Traced(CraneException error)
        {
            log.Trace(message, error);
            return error;
        }
    }
}

using Crane.Testing.Faults;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Crane.Testing;

/// <summary>One request on its way through a proxy, and its response on the way back.</summary>
public sealed class FaultExchange
{
    private readonly Upstream _upstream;
    private readonly Fault? _fault;

    internal FaultExchange(HttpContext context, Upstream upstream, LostSessions sessions, Fault? fault) =>
        (Context, _upstream, Sessions, _fault) = (context, upstream, sessions, fault);

    internal HttpContext Context { get; }

    /// <summary>The uploads of the proxy that are lost.</summary>
    internal LostSessions Sessions { get; }

    internal HttpResponse Response => Context.Response;

    /// <summary>Canceled when the client has left, or the proxy ends.</summary>
    internal CancellationToken Aborted => Context.RequestAborted;

    /// <summary>The path and query, as the client wrote them.</summary>
    internal string Target => Context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;

    /// <summary>Tells those who wait for the fault that it has struck.</summary>
    internal void Strike() => _fault?.Strike();

    /// <summary>Sends the request on, changed; returns the response once its headers are there.</summary>
    /// <param name="change">What changes the request.</param>
    /// <param name="body">What is sent in place of the client's body.</param>
    internal Task<HttpResponseMessage> SendAsync(Action<HttpRequestMessage>? change = null, Stream? body = null) =>
        _upstream.SendAsync(this, change, body);

    /// <summary>Sends the request on, changed, and its response back as it is.</summary>
    internal async Task ForwardAsync(Action<HttpRequestMessage>? change = null, Stream? body = null)
    {
        using var response = await SendAsync(change, body);
        Upstream.CopyHead(response, Response);
        await CopyBodyAsync(response, long.MaxValue);
    }

    /// <summary>Sends the body of a response back, or that much of it; all of it has left this process when the task ends.</summary>
    internal async Task CopyBodyAsync(HttpResponseMessage response, long bytes, Action<Memory<byte>, long>? change = null)
    {
        await using var body = await response.Content.ReadAsStreamAsync(Aborted);
        var buffer = new byte[64 * 1024];
        long sent = 0;
        while (sent < bytes)
        {
            var read = await body.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, bytes - sent)), Aborted);
            if (read == 0)
                break;
            change?.Invoke(buffer.AsMemory(0, read), sent);
            await Response.Body.WriteAsync(buffer.AsMemory(0, read), Aborted);
            sent += read;
        }
        await Response.Body.FlushAsync(Aborted);
    }

    /// <summary>Does nothing until the client has left.</summary>
    internal Task StallAsync() => Task.Delay(Timeout.Infinite, Aborted);

    /// <summary>Breaks the connection so that the client is told of an error (TCP's RST), not of an end.</summary>
    internal async Task ResetAsync()
    {
        var socket = Context.Features.GetRequiredFeature<IConnectionSocketFeature>().Socket;
        await SendQueue.EmptyAsync(socket, Aborted);
        socket.Close(timeout: 0);
        Context.Abort();
    }
}

using Crane.Testing.Faults;

namespace Crane.Testing;

/// <summary>Faults of uploads.</summary>
public static class UploadFault
{
    /// <summary>
    /// Breaks the connections on both sides after that many bytes of the client's body. The registry keeps as many of them at
    /// most: how many it has read by then is up to it.
    /// </summary>
    public static FaultAction ResetAfter(long bytes) => After(bytes, exchange => exchange.ResetAsync());

    /// <summary>Takes nothing more after that many bytes of the client's body, until the client leaves.</summary>
    public static FaultAction StallAfter(long bytes) => After(bytes, exchange => exchange.StallAsync());

    /// <summary>Forgets the upload that the request is about: it is unknown, now and later.</summary>
    public static FaultAction LoseSession() => exchange =>
    {
        exchange.Strike();
        exchange.Sessions.Lose(exchange.Context.Request.Path);
        return ResponseFault.LostSessionAsync(exchange);
    };

    /// <summary>Begins an upload where a client asks to mount a blob: the registry returns 202 and not 201.</summary>
    public static FaultAction RefuseMount() => exchange =>
    {
        exchange.Strike();
        return exchange.ForwardAsync(request => request.RequestUri = new Uri(request.RequestUri!, request.RequestUri!.AbsolutePath));
    };

    private static FaultAction After(long bytes, Func<FaultExchange, Task> end) => async exchange =>
    {
        var body = new InterruptedStream(exchange.Context.Request.Body, bytes, () =>
        {
            exchange.Strike();
            return end(exchange);
        });
        await exchange.ForwardAsync(body: body);
    };
}

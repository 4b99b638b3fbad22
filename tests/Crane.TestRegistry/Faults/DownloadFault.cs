using Crane.Testing.Faults;

namespace Crane.Testing;

/// <summary>Faults in the body of a response.</summary>
public static class DownloadFault
{
    /// <summary>Breaks the connection after that many bytes.</summary>
    public static FaultAction ResetAfter(long bytes) => After(bytes, exchange => exchange.ResetAsync());

    /// <summary>Ends the connection, as if all were well, after that many bytes of more that were announced.</summary>
    public static FaultAction TruncateAfter(long bytes) => After(bytes, _ => Task.CompletedTask);

    /// <summary>Sends nothing more after that many bytes, until the client leaves.</summary>
    public static FaultAction StallAfter(long bytes) => After(bytes, exchange => exchange.StallAsync());

    /// <summary>Ends the response after that many bytes, without a word about its length: by HTTP, all is well.</summary>
    public static FaultAction ShortenTo(long bytes) => async exchange =>
    {
        using var response = await exchange.SendAsync();
        Upstream.CopyHead(response, exchange.Response);
        exchange.Response.ContentLength = null;
        exchange.Strike();
        await exchange.CopyBodyAsync(response, bytes);
    };

    /// <summary>Turns over the bits of the byte at an offset.</summary>
    public static FaultAction Corrupt(long at) => async exchange =>
    {
        using var response = await exchange.SendAsync();
        Upstream.CopyHead(response, exchange.Response);
        exchange.Strike();
        await exchange.CopyBodyAsync(response, long.MaxValue, (bytes, offset) =>
        {
            if (at - offset is >= 0 and var index && index < bytes.Length)
                bytes.Span[(int)index] ^= 0xFF;
        });
    };

    /// <summary>
    /// Announces another length than there is: more, and the response breaks off; less, and it seems complete too early.
    /// </summary>
    /// <param name="difference">How many bytes more; negative for less.</param>
    public static FaultAction WrongLength(long difference) => async exchange =>
    {
        using var response = await exchange.SendAsync();
        Upstream.CopyHead(response, exchange.Response);
        var length = response.Content.Headers.ContentLength + difference
            ?? throw new InvalidOperationException("The registry itself does not say how long its response is.");
        exchange.Response.ContentLength = length;
        exchange.Strike();
        await exchange.CopyBodyAsync(response, length);
    };

    private static FaultAction After(long bytes, Func<FaultExchange, Task> end) => async exchange =>
    {
        using var response = await exchange.SendAsync();
        Upstream.CopyHead(response, exchange.Response);
        await exchange.CopyBodyAsync(response, bytes);
        exchange.Strike();
        await end(exchange);
    };
}

using System.Globalization;
using Crane.Testing.Distribution;
using Crane.Testing.Faults;
using Microsoft.AspNetCore.Http;

namespace Crane.Testing;

/// <summary>Faults that respond to a request in place of the registry.</summary>
public static class ResponseFault
{
    /// <summary>Responds with a status, such as 500.</summary>
    public static FaultAction Status(int status) => exchange => RespondAsync(exchange, status, null);

    /// <summary>Refuses a manifest with a status, because it does not know one of its blobs.</summary>
    public static FaultAction BlobUnknown(int status) => exchange =>
    {
        exchange.Strike();
        return RegistryException.SendAsync(exchange.Context, status, "MANIFEST_BLOB_UNKNOWN", "blob unknown to registry");
    };

    /// <summary>Returns 429, 503 or the like, and when to come back: in so many seconds.</summary>
    public static FaultAction RetryAfter(int status, int seconds) =>
        exchange => RespondAsync(exchange, status, seconds.ToString(CultureInfo.InvariantCulture));

    /// <summary>Returns 429, 503 or the like, and when to come back: as a date, so long after now, to the second.</summary>
    public static FaultAction RetryAfterDate(int status, TimeSpan wait) =>
        exchange => RespondAsync(exchange, status, (DateTimeOffset.UtcNow + wait).ToString("R"));

    /// <summary>
    /// Forgets the credential of a request, and its body: a registry that requires one returns its own challenge, as if
    /// a token had come to its end.
    /// </summary>
    public static FaultAction Unauthorized() => async exchange =>
    {
        using var response = await exchange.SendAsync(request =>
        {
            request.Headers.Authorization = null;
            request.Content = null;
        });
        exchange.Strike();
        Upstream.CopyHead(response, exchange.Response);
        await exchange.CopyBodyAsync(response, long.MaxValue);
    };

    /// <summary>Sends the client to another server, for the same path, with status 307.</summary>
    public static FaultAction Redirect(Uri server) => exchange =>
    {
        exchange.Strike();
        exchange.Response.Headers.Location = new Uri(server, exchange.Target).AbsoluteUri;
        exchange.Response.StatusCode = StatusCodes.Status307TemporaryRedirect;
        exchange.Response.ContentLength = 0;
        return Task.CompletedTask;
    };

    /// <summary>Returns that many bytes, whatever is asked for: a manifest of 100 MB, say.</summary>
    /// <param name="bytes">How many.</param>
    /// <param name="mediaType">What they pretend to be.</param>
    /// <param name="tellsLength">Whether the response says how long it is.</param>
    public static FaultAction Flood(long bytes, string mediaType, bool tellsLength = true) => async exchange =>
    {
        exchange.Strike();
        exchange.Response.ContentType = mediaType;
        exchange.Response.ContentLength = tellsLength ? bytes : null;
        if (HttpMethods.IsHead(exchange.Context.Request.Method))
            return;
        var spaces = new byte[64 * 1024];
        spaces.AsSpan().Fill((byte)' ');
        for (var rest = bytes; rest > 0; rest -= spaces.Length)
            await exchange.Response.Body.WriteAsync(spaces.AsMemory(0, (int)Math.Min(rest, spaces.Length)), exchange.Aborted);
    };

    /// <summary>Never responds.</summary>
    public static FaultAction Silence() => exchange =>
    {
        exchange.Strike();
        return exchange.StallAsync();
    };

    /// <summary>Breaks the connection before any response.</summary>
    public static FaultAction Reset() => exchange =>
    {
        exchange.Strike();
        return exchange.ResetAsync();
    };

    internal static Task LostSessionAsync(FaultExchange exchange) =>
        RegistryException.SendAsync(exchange.Context, 404, "BLOB_UPLOAD_UNKNOWN", "blob upload unknown to registry");

    private static Task RespondAsync(FaultExchange exchange, int status, string? retryAfter)
    {
        exchange.Strike();
        if (retryAfter is not null)
            exchange.Response.Headers.RetryAfter = retryAfter;
        var code = status == StatusCodes.Status429TooManyRequests ? "TOOMANYREQUESTS" : "UNKNOWN";
        return RegistryException.SendAsync(exchange.Context, status, code, "a fault that a test has asked for");
    }
}

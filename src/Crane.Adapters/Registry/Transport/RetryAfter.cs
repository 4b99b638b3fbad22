using System.Net;

namespace Crane.Adapters.Registry.Transport;

/// <summary>Answers that say "not now" (RFC 9110, section 10.2.3).</summary>
internal static class RetryAfter
{
    /// <summary>Whether another try may have another answer.</summary>
    public static bool Invites(HttpStatusCode status) => status is
        HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or HttpStatusCode.InternalServerError
        or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout;

    /// <summary>How long the answer asks to wait, in seconds or until a date; null where it does not say.</summary>
    public static TimeSpan? Of(HttpResponseMessage answer, TimeProvider time) => answer.Headers.RetryAfter switch
    {
        { Delta: { } pause } => pause,
        // By the clock of whoever says it, where that is known.
        { Date: { } date } => Until(date, answer.Headers.Date ?? time.GetUtcNow()),
        _ => null,
    };

    private static TimeSpan Until(DateTimeOffset date, DateTimeOffset now) => date > now ? date - now : TimeSpan.Zero;
}

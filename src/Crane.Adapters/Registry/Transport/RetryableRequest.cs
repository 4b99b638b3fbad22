using System.Net;

namespace Crane.Adapters.Registry.Transport;

/// <summary>Whether a request may be sent again.</summary>
/// <param name="IsRepeatable">Whether it may be after a fault in mid-flight.</param>
/// <param name="Body">Its body; null for none.</param>
internal sealed record RetryableRequest(bool IsRepeatable, RequestBody? Body)
{
    /// <summary>A request without a body that changes nothing.</summary>
    public static RetryableRequest Simple { get; } = new(true, null);

    /// <summary>
    /// Whether it may be sent again after an answer with that status, or after none. What was refused before anything was done
    /// may be, and so may what never left.
    /// </summary>
    public bool MayBeSentAgain(HttpStatusCode? status) =>
        IsRepeatable || status is HttpStatusCode.TooManyRequests || Body is not { HasBegun: true };
}

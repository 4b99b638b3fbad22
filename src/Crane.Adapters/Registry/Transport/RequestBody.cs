namespace Crane.Adapters.Registry.Transport;

/// <summary>The body of a request, which may have to be sent more than once.</summary>
/// <param name="make">Makes it anew for each try.</param>
/// <param name="size">How many bytes the registry may have to read again before it can answer.</param>
internal sealed class RequestBody(Func<HttpContent> make, long size)
{
    /// <summary>How many bytes the registry may have to read again before it can answer.</summary>
    public long Size => size;

    /// <summary>Whether anything of the latest try has left.</summary>
    public bool HasBegun { get; private set; }

    /// <summary>The body for the next try.</summary>
    /// <param name="patience">Set for each piece, and then for the answer.</param>
    /// <param name="stall">How long a piece may take.</param>
    /// <param name="answer">How long the answer may take.</param>
    public HttpContent Make(Patience patience, TimeSpan stall, TimeSpan answer)
    {
        HasBegun = false;
        return new SentContent(make(), patience, stall, answer, begun: () => HasBegun = true);
    }
}

namespace Crane.Adapters.Registry.Transport;

/// <summary>The body of a request, which may have to be sent more than once.</summary>
/// <param name="make">Makes it anew for each try.</param>
internal sealed class RequestBody(Func<HttpContent> make)
{
    /// <summary>Whether anything of the latest try has left.</summary>
    public bool HasBegun { get; private set; }

    /// <summary>The body for the next try.</summary>
    public HttpContent Make(Patience patience, RegistryTimeouts timeouts)
    {
        HasBegun = false;
        return new SentContent(make(), patience, timeouts, begun: () => HasBegun = true);
    }
}

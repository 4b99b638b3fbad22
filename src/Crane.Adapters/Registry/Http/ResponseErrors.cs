namespace Crane.Adapters.Registry.Http;

internal static class ResponseErrors
{
    public static async Task<CraneException> UnavailableAsync(
        string title, HttpResponseMessage response, bool isTransient, CancellationToken cancellation)
    {
        using (response)
        {
            var wait = response.Headers.RetryAfter switch
            {
                { Delta: { } pause } => $" It asks to wait {pause.TotalSeconds:0} seconds.",
                { Date: { } date } => $" It asks to wait until {date:u}.",
                _ => "",
            };
            return Unavailable(title, await StatusAsync(response, cancellation), isTransient, wait);
        }
    }

    public static CraneException Unavailable(string title, string status, bool isTransient, string wait = "") => new(
        CraneErrorId.RegistryUnreachable, $"{title} returned {status}.{wait}",
        "Try again later, or with a smaller -ThrottleLimit. Registries that limit downloads allow more to users who log in.")
    {
        IsTransient = isTransient,
    };

    /// <summary>The status of a response with what its body says about it, without a full stop.</summary>
    public static async Task<string> StatusAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        var message = (await ErrorBody.ReadAsync(response, cancellation)).Message;
        var status = $"{(int)response.StatusCode} {response.ReasonPhrase}".TrimEnd();
        return message is null
            ? IsWebPage(response) ? $"{status}, with a web page" : status
            : $"{status}: {message.TrimEnd('.')}";
    }

    public static CraneException NotARegistry(string title, string status) => new(
        CraneErrorId.RegistryUnreachable, $"{title} returned {status} for /v2/, so it is not a registry.",
        "Check the registry's name and port.");

    public static CraneException Redirect(string title, string why) => new(
        CraneErrorId.RegistryUnreachable, $"{title} redirects {why}.",
        "This is the registry's configuration: the external address of the registry or of its storage.");

    /// <summary>The target of a redirect refused the request: the redirect may have expired.</summary>
    public static CraneException RefusedElsewhere(string title, Uri address, string status) => new(
        CraneErrorId.RegistryUnreachable, $"{title} redirects to '{address.Authority}', which returned {status}.",
        "This is the registry's configuration: its storage refuses the requests that it redirects. Check this machine's clock, too.")
    {
        IsTransient = true,
    };

    /// <summary>
    /// Whether a response is a web page, not a registry's: a network's login page, a proxy's error, a web application that serves every
    /// path. Some registries mark their empty responses as HTML; these do not count.
    /// </summary>
    public static bool IsWebPage(HttpResponseMessage response) => response.Content.Headers is { ContentLength: not 0 }
        and { ContentType.MediaType: "text/html" or "application/xhtml+xml" };

    /// <summary>The same for a blob, which may be a page itself, of that size.</summary>
    public static bool IsWebPage(HttpResponseMessage response, long size) =>
        IsWebPage(response) && response.Content.Headers.ContentLength != size;

    public static CraneException WebPage(string title, HttpResponseMessage response, string what) => new(
        CraneErrorId.RegistryUnreachable,
        $"{title} returned a web page ({response.Content.Headers.ContentType!.MediaType}) instead of {what}.",
        "The page may come from a network's login page or a proxy: open the registry's address in a browser. "
        + "Otherwise check the registry's name and port.");
}

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
        CraneErrorId.RegistryUnreachable, $"{title} answered {status}.{wait}",
        "Try again later, or with a smaller -ThrottleLimit. Registries that limit downloads let those who log in have more.")
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
        CraneErrorId.RegistryUnreachable, $"{title} answered {status}, which is not what a registry answers at /v2/.",
        "Check the registry's name and port.");

    public static CraneException Redirect(string title, string why) => new(
        CraneErrorId.RegistryUnreachable, $"{title} answered with a redirect {why}.",
        "This is the registry's configuration: the address under which it says that it, or its storage, is reached.");

    /// <summary>A host that it sent us to does not let us in: its redirect may have been too old.</summary>
    public static CraneException RefusedElsewhere(string title, Uri address, string status) => new(
        CraneErrorId.RegistryUnreachable, $"{title} pointed to '{address.Authority}', which answered {status}.",
        "This is the registry's configuration: its storage does not let in whom it sends there. Check this machine's clock, too.")
    {
        IsTransient = true,
    };

    /// <summary>
    /// Whether a response is a page for people, which something in between sends in a registry's place: a network's login page, a
    /// proxy, a web application that answers every path. Some registries send their empty responses as HTML: these are none.
    /// </summary>
    public static bool IsWebPage(HttpResponseMessage response) => response.Content.Headers is { ContentLength: not 0 }
        and { ContentType.MediaType: "text/html" or "application/xhtml+xml" };

    /// <summary>The same where a blob was asked for, which may be a page itself, of that size.</summary>
    public static bool IsWebPage(HttpResponseMessage response, long size) =>
        IsWebPage(response) && response.Content.Headers.ContentLength != size;

    public static CraneException WebPage(string title, HttpResponseMessage response, string what) => new(
        CraneErrorId.RegistryUnreachable,
        $"{title} answered with a web page ({response.Content.Headers.ContentType!.MediaType}), not with {what}.",
        "Something in between may have answered, such as a network's login page or a proxy: open the registry's address in a browser. "
        + "Else check the registry's name and port.");
}

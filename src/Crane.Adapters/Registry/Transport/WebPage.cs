namespace Crane.Adapters.Registry.Transport;

/// <summary>
/// Pages for people, which something in between answers in a registry's place: a network's login page, a proxy, a web
/// application that answers every path.
/// </summary>
internal static class WebPage
{
    /// <summary>Whether an answer is one. Some registries send their empty answers as HTML: these are none.</summary>
    public static bool Is(HttpResponseMessage answer) => answer.Content.Headers is { ContentLength: not 0 }
        and { ContentType.MediaType: "text/html" or "application/xhtml+xml" };

    /// <summary>Whether it is one where a blob was asked for, which may be a page itself.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="size">How many bytes it should have.</param>
    public static bool IsInPlaceOfBlob(HttpResponseMessage answer, long size) => Is(answer) && answer.Content.Headers.ContentLength != size;

    /// <summary>The error for one.</summary>
    /// <param name="peer">Who answered, as messages have it.</param>
    /// <param name="answer">The answer.</param>
    /// <param name="what">What was asked for.</param>
    public static CraneException Fault(string peer, HttpResponseMessage answer, string what) => new(
        CraneErrorId.RegistryUnreachable,
        $"{peer} answered with a web page ({answer.Content.Headers.ContentType!.MediaType}), not with {what}.",
        "Something in between may have answered, such as a network's login page or a proxy: open the registry's address in a browser. "
        + "Else check the registry's name and port.");
}

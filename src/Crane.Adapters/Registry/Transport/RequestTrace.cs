using System.Net;

namespace Crane.Adapters.Registry.Transport;

/// <summary>
/// Requests as the debug stream shows them. Of an address's query only what the distribution API defines is shown: the rest
/// may be a signature that is as good as a password.
/// </summary>
internal static class RequestTrace
{
    private static readonly HashSet<string> Known = new(StringComparer.Ordinal)
    {
        "artifactType", "digest", "from", "last", "mount", "n", "scope", "service",
    };

    /// <summary>A request and its answer, in one line.</summary>
    public static string Line(HttpRequestMessage request, HttpResponseMessage answer) =>
        $"{Line(request)} → {(int)answer.StatusCode}, {Length(answer.Content)}";

    /// <summary>A request that was not answered, in one line.</summary>
    public static string Line(HttpRequestMessage request, string outcome) => $"{Line(request)} → {outcome}";

    /// <summary>An address without its secrets.</summary>
    public static string Show(Uri address) =>
        address.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped) + ShowQuery(address.Query);

    private static string Line(HttpRequestMessage request) =>
        $"{request.Method} {Show(request.RequestUri!)}{(request.Content is { } body ? $" ({Length(body)})" : "")}";

    private static string Length(HttpContent content) =>
        content.Headers.ContentLength is { } length ? $"{length} bytes" : "bytes not counted";

    private static string ShowQuery(string query) =>
        query.Length < 2 ? "" : "?" + string.Join('&', query[1..].Split('&').Select(ShowParameter));

    private static string ShowParameter(string parameter)
    {
        var name = parameter.Split('=')[0];
        return Known.Contains(WebUtility.UrlDecode(name)) ? parameter : $"{name}=…";
    }
}

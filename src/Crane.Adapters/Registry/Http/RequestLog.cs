using System.Net;

namespace Crane.Adapters.Registry.Http;

/// <summary>Counts and traces requests.</summary>
/// <remarks>
/// Of a query only the parameters of the distribution API are shown: others may be a signature, which is as good as a password.
/// </remarks>
internal sealed class RequestLog(Action<string>? trace, Action<string>? step)
{
    private static readonly HashSet<string> Known = new(StringComparer.Ordinal)
    {
        "artifactType", "digest", "from", "last", "mount", "n", "scope", "service",
    };

    private bool _isClosed;
    private int _requests;

    /// <summary>Requests sent so far.</summary>
    public int Requests => Volatile.Read(ref _requests);

    public void Count() => Interlocked.Increment(ref _requests);

    /// <summary>The cmdlet has ended.</summary>
    public void Close() => Volatile.Write(ref _isClosed, true);

    public void Trace(HttpRequestMessage request, HttpResponseMessage response)
    {
        if (trace is not null)
            Trace($"{Line(request)} → {(int)response.StatusCode}, {Length(response.Content)}");
    }

    public void Trace(HttpRequestMessage request, CraneException error) => Trace($"{Line(request)} → {error.Message}");

    public void Trace(string line)
    {
        if (!Volatile.Read(ref _isClosed))
            trace?.Invoke(line);
    }

    public void Step(string message)
    {
        if (!Volatile.Read(ref _isClosed))
            step?.Invoke(message);
    }

    private static string Line(HttpRequestMessage request) =>
        $"{request.Method} {Show(request.RequestUri!)}{(request.Content is { } body ? $" ({Length(body)})" : "")}";

    private static string Length(HttpContent content) =>
        content.Headers.ContentLength is { } length ? $"{length} bytes" : "unknown length";

    private static string Show(Uri address) =>
        address.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped) + ShowQuery(address.Query);

    private static string ShowQuery(string query) =>
        query.Length < 2 ? "" : "?" + string.Join('&', query[1..].Split('&').Select(ShowParameter));

    private static string ShowParameter(string parameter)
    {
        var name = parameter.Split('=')[0];
        return Known.Contains(WebUtility.UrlDecode(name)) ? parameter : $"{name}=…";
    }
}

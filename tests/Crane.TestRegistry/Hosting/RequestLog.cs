using System.Collections.Concurrent;
using System.Text.Json;
using Crane.Testing.Hosting;
using Microsoft.AspNetCore.Http;

namespace Crane.Testing;

/// <summary>
/// Every request that a server was asked, in the order of arrival. Other processes read it
/// at the path <c>/_requests</c> of the server, which wants no credential and is not logged.
/// </summary>
public sealed class RequestLog
{
    /// <summary>Where a server shows its log to other processes.</summary>
    internal const string Path = "/_requests";

    private readonly ConcurrentQueue<LoggedRequest> _requests = new();

    /// <summary>All of them so far.</summary>
    public IReadOnlyList<LoggedRequest> All => [.. _requests];

    /// <summary>
    /// The requests so far with that method and a path with query that matches: <c>*</c> matches any characters, and any method.
    /// </summary>
    /// <example><code>Assert.Empty(registry.Requests.Like("PATCH", "*/blobs/uploads/*"));</code></example>
    public IReadOnlyList<LoggedRequest> Like(string method, string path)
    {
        var pattern = new RequestPattern(method, path);
        return [.. _requests.Where(request => pattern.Matches(request.Method, request.Path + request.Query))];
    }

    /// <summary>Forgets all so far, so that a test counts only what comes next.</summary>
    public void Clear() => _requests.Clear();

    internal LoggedRequest Add(HttpRequest request)
    {
        var headers = request.Headers.ToDictionary(
            header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        var logged = new LoggedRequest(request.Method, request.Path, request.QueryString.ToString(), headers);
        _requests.Enqueue(logged);
        return logged;
    }

    /// <summary>The log for readers in other processes: JSON without credentials, of which only the scheme is told.</summary>
    internal byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(_requests.Select(request => new
    {
        method = request.Method,
        path = request.Path,
        query = request.Query,
        host = request.Host,
        authorization = request.Authorization?.Split(' ')[0],
        status = request.Status,
        bytesIn = request.BytesIn,
        bytesOut = request.BytesOut,
    }));
}

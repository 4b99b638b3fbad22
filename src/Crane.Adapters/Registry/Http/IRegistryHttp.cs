using System.Net.Http.Headers;

namespace Crane.Adapters.Registry.Http;

/// <summary>
/// Sends HTTP requests to registries: finds the scheme of each, sends credentials to it alone, retries transient errors. It knows nothing
/// of images.
/// </summary>
internal interface IRegistryHttp : IAsyncDisposable
{
    /// <summary>Requests sent so far, including those for tokens.</summary>
    int RequestCount { get; }

    /// <summary>Whether a registry has mirrors.</summary>
    bool HasMirrors(string registry);

    /// <summary>Sends a request. The response's headers have been read, its body not.</summary>
    /// <returns>
    /// Any response about the requested content: success, 404, 416 and so on. Never a 401, a redirect, or one that a retry could better.
    /// Reading its body throws CraneException, too, when it breaks off or stalls.
    /// </returns>
    /// <exception cref="CraneException">
    /// RegistryUnauthorized for 401 and 403; RegistryUnreachable for a registry that does not respond, keeps responding with 429 or
    /// 5xx, or whose certificate is not trusted; CertificateInvalid; InvalidValue for a proxy or mirror.
    /// </exception>
    Task<HttpResponseMessage> SendAsync(RegistryRequest request, CancellationToken cancellation);
}

/// <summary>A request to a registry.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Registry">The registry as in image names, <c>docker.io</c> for Docker Hub.</param>
/// <param name="Path">
/// A path with its query, such as <c>/v2/company/foo/tags/list?n=100</c>, or an absolute address of an earlier response (Location, Link).
/// </param>
internal sealed record RegistryRequest(HttpMethod Method, string Registry, string Path)
{
    /// <summary>The rights that it needs; empty where the registry says which.</summary>
    public IReadOnlyList<RegistryScope> Scopes { get; init; } = [];

    /// <summary>The accepted media types; empty for any.</summary>
    public IReadOnlyList<string> Accept { get; init; } = [];

    /// <summary>The requested part of the content; null for all of it.</summary>
    public RangeHeaderValue? Range { get; init; }

    /// <summary>Makes the body for each try; null for none.</summary>
    public Func<HttpContent>? Content { get; init; }

    /// <summary>
    /// Whether it may be sent again after an error in mid-flight. An upload may not: its caller has to find out how much has arrived.
    /// After 401 or 429 nothing has happened, so these do not count.
    /// </summary>
    public bool IsRepeatable { get; init; } = true;

    /// <summary>How many bytes the registry may have to check before it responds: those of an uploaded blob.</summary>
    public long Size { get; init; }

    /// <summary>Whether the response's body may take as long as it needs: a blob's. Others are read whole, within a limit.</summary>
    public bool IsStreamed { get; init; }

    /// <summary>Whether it only saves work: then it is not retried.</summary>
    public bool IsShortcut { get; init; }

    /// <summary>Whether it goes without a credential; then a 401 is a response like any other.</summary>
    public bool IsAnonymous { get; init; }

    /// <summary>Whether it may go to a mirror: for reading only.</summary>
    public bool MayUseMirror { get; init; }

    /// <summary>Whether it is for a path, not for an absolute address.</summary>
    public bool IsPath => Path.StartsWith('/');
}

/// <summary>A right to a repository, as in the scope of a token: <c>repository:NAME:pull</c> or <c>:pull,push</c>.</summary>
internal readonly record struct RegistryScope(string Repository, bool Push, bool Delete = false)
{
    public override string ToString() => $"repository:{Repository}:pull{(Push ? ",push" : "")}{(Delete ? ",delete" : "")}";
}

using System.Net.Http.Headers;

namespace Crane.Adapters.Registry.Http;

/// <summary>
/// Speaks HTTP to registries: finds the scheme of each, sends credentials to it and to nobody else, retries transient errors.
/// It knows nothing of images.
/// </summary>
internal interface IRegistryHttp : IAsyncDisposable
{
    /// <summary>Requests sent so far, those for tokens among them.</summary>
    int RequestCount { get; }

    /// <summary>Whether mirrors may respond in place of a registry.</summary>
    bool HasMirrors(string registry);

    /// <summary>Sends a request. The response's headers have been read, its body not.</summary>
    /// <returns>
    /// Any response that says something about what was asked for: success, 404, 416 and so on. Never a 401, a redirect, or one
    /// that another try could better. Reading its body throws CraneException, too, when it breaks off or stalls.
    /// </returns>
    /// <exception cref="CraneException">
    /// RegistryUnauthorized for 401 and 403 that credentials could not help; RegistryUnreachable for a registry that does not
    /// respond, or responds with 429 or 5xx again and again, or whose certificate is not trusted; InvalidValue for settings that
    /// cannot be used.
    /// </exception>
    Task<HttpResponseMessage> SendAsync(RegistryRequest request, CancellationToken cancellation);
}

/// <summary>A request to a registry.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Registry">The registry as image names have it, <c>docker.io</c> for Docker Hub.</param>
/// <param name="Path">
/// A path with its query, such as <c>/v2/company/foo/tags/list?n=100</c>, or the absolute address that an earlier response gave
/// (Location, Link).
/// </param>
internal sealed record RegistryRequest(HttpMethod Method, string Registry, string Path)
{
    /// <summary>What is to be allowed for it; empty where the registry itself says what it wants.</summary>
    public IReadOnlyList<RegistryScope> Scopes { get; init; } = [];

    /// <summary>The media types that the response may have; empty for any.</summary>
    public IReadOnlyList<string> Accept { get; init; } = [];

    /// <summary>The part of the content that is asked for; null for all of it.</summary>
    public RangeHeaderValue? Range { get; init; }

    /// <summary>Makes the body, again for each try; null for none.</summary>
    public Func<HttpContent>? Content { get; init; }

    /// <summary>
    /// Whether it may be sent again after an error in mid-flight. An upload's bytes may not: only its caller can find out how
    /// far it came. (A response of 401 or 429 is another matter: the registry has refused, so nothing has happened.)
    /// </summary>
    public bool IsRepeatable { get; init; } = true;

    /// <summary>How many bytes the registry may have to read again before it can respond: those of a blob that is there now.</summary>
    public long Size { get; init; }

    /// <summary>Whether the response's body may go on for as long as it comes: a blob's. Others are read whole, and have to be there soon.</summary>
    public bool IsStreamed { get; init; }

    /// <summary>Whether it only saves work: it is sent once then, whatever the response.</summary>
    public bool IsShortcut { get; init; }

    /// <summary>Whether it goes without a credential; a refusal is a response like any other then.</summary>
    public bool IsAnonymous { get; init; }

    /// <summary>Whether a mirror may respond in place of the registry: for reading only.</summary>
    public bool MayUseMirror { get; init; }

    /// <summary>Whether it is for a path of the registry, not for an address.</summary>
    public bool IsPath => Path.StartsWith('/');
}

/// <summary>A right to a repository, as tokens are asked for: <c>repository:NAME:pull</c> or <c>:pull,push</c>.</summary>
internal readonly record struct RegistryScope(string Repository, bool Push)
{
    public override string ToString() => $"repository:{Repository}:{(Push ? "pull,push" : "pull")}";
}

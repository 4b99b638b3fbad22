using System.Net.Http.Headers;

namespace Crane.Adapters.Registry;

/// <summary>
/// Speaks HTTP to registries: finds out how each is reached, shows credentials to it and to nobody else, tries again what
/// may pass. It knows nothing of images.
/// </summary>
internal interface IRegistryHttp : IAsyncDisposable
{
    /// <summary>Requests sent so far, those for tokens among them.</summary>
    int RequestCount { get; }

    /// <summary>Whether mirrors may answer in place of a registry, so that what came may be theirs.</summary>
    bool HasMirrors(string registry);

    /// <summary>Sends a request. The answer's headers have been read, its body not.</summary>
    /// <returns>
    /// Any answer that says something about what was asked for: success, 404, 416 and so on. Never a 401, a redirect, or one
    /// that another try could better. Reading its body throws CraneException, too, when it breaks off or stalls.
    /// </returns>
    /// <exception cref="CraneException">
    /// RegistryUnauthorized for 401 and 403 that credentials could not help; RegistryUnreachable for a registry that does not
    /// answer, or answers 429 or 5xx again and again, or whose certificate is not trusted; InvalidValue for settings that cannot be used.
    /// </exception>
    Task<HttpResponseMessage> SendAsync(RegistryRequest request, CancellationToken cancellation);
}

/// <summary>A request to a registry.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Registry">The registry as image names have it, <c>docker.io</c> for Docker Hub.</param>
/// <param name="Path">
/// What is asked for: a path with its query, such as <c>/v2/company/foo/tags/list?n=100</c>, or the absolute address that an
/// earlier answer gave (Location, Link).
/// </param>
internal sealed record RegistryRequest(HttpMethod Method, string Registry, string Path)
{
    /// <summary>What is to be allowed for it; empty where the registry itself says what it wants.</summary>
    public IReadOnlyList<RegistryScope> Scopes { get; init; } = [];

    /// <summary>The media types that the answer may have; empty for any.</summary>
    public IReadOnlyList<string> Accept { get; init; } = [];

    /// <summary>The part of the content that is asked for; null for all of it.</summary>
    public RangeHeaderValue? Range { get; init; }

    /// <summary>Makes the body, anew for each try; null for none.</summary>
    public Func<HttpContent>? Content { get; init; }

    /// <summary>
    /// Whether it may be sent again after a fault in mid-flight. An upload's bytes may not: only its caller can find out how
    /// far it came. (An answer of 401 or 429 is another matter: the registry has refused, so nothing has happened.)
    /// </summary>
    public bool IsRepeatable { get; init; } = true;

    /// <summary>How many bytes the registry may have to read again before it can answer: those of a blob that is there now.</summary>
    public long Size { get; init; }

    /// <summary>Whether the answer's body may go on for as long as it comes: a blob's. Others are read whole, and have to be there soon.</summary>
    public bool IsStreamed { get; init; }

    /// <summary>Whether it only saves work. It is sent once then, and whatever is answered is the answer.</summary>
    public bool IsShortcut { get; init; }

    /// <summary>Whether a mirror may answer in place of the registry: for reading only.</summary>
    public bool MayUseMirror { get; init; }
}

/// <summary>A right to a repository, as tokens are asked for: <c>repository:NAME:pull</c> or <c>:pull,push</c>.</summary>
/// <param name="Repository">The repository's path in its registry.</param>
/// <param name="Push">Whether it is written to, too.</param>
internal readonly record struct RegistryScope(string Repository, bool Push)
{
    /// <summary>The scope as a token service reads it.</summary>
    public override string ToString() => $"repository:{Repository}:{(Push ? "pull,push" : "pull")}";
}

using System.Net;

namespace Crane.Adapters.Engine;

/// <summary>What kind of failure an engine reports about a registry.</summary>
internal enum RegistryFailureKind
{
    Other,
    NotFound,
    Unauthorized,

    /// <summary>Not reached, or not able to respond.</summary>
    Unreachable,

    /// <summary>The registry allows no more requests for now.</summary>
    Limited,

    /// <summary>The engine itself has no such image to push.</summary>
    NotLocal,

    /// <summary>The engine has the image, but not all of its content.</summary>
    ContentMissing,
}

/// <summary>
/// What an engine's message about a registry means. Engines have no error codes: the status is mostly 500, and each image store has its
/// own messages. These are from engines 20.10 to 28 with both stores, and from podman.
/// </summary>
internal readonly record struct RegistryFailure(RegistryFailureKind Kind, bool IsTransient = false)
{
    private static readonly string[] NotLocal =
        ["does not exist locally", "tag does not exist", "no such image", "image not known"];

    private static readonly string[] Limited = ["toomanyrequests", "429 too many requests", "pull rate limit"];

    private static readonly string[] Unauthorized =
    [
        "unauthorized", "no basic auth credentials", "denied", "401 unauthorized", "403 forbidden", "authentication required",
        "insufficient_scope", "incorrect username or password", "authorization failed",
    ];

    private static readonly string[] NotFound =
        ["manifest unknown", "name unknown", "repository name not known to registry", "repository not found"];

    private static readonly string[] Transient =
    [
        "500 internal server error", "502 bad gateway", "503 service unavailable",
        "504 gateway", "connection refused", "connection reset", "connection timed out", "broken pipe", "eof", "i/o timeout",
        "tls handshake timeout", "client.timeout exceeded", "context deadline exceeded", "request canceled while waiting",
        "server misbehaving", "temporary failure in name resolution", "goaway", "use of closed network connection",
    ];

    private static readonly string[] Unreachable =
    [
        "dial tcp", "no such host", "x509:", "tls:", "http response to https client", "no route to host",
        "network is unreachable",
    ];

    /// <summary>Reads a message, and the HTTP status of its response; 0 for one within a stream.</summary>
    public static RegistryFailure Read(int status, string message)
    {
        var words = WithoutNames(message);
        if (Says(words, NotLocal))
            return new(RegistryFailureKind.NotLocal);
        if (Says(words, "content digest") && Says(words, "not found"))
            return new(RegistryFailureKind.ContentMissing);
        // Not transient: the limit lasts for hours, and each try counts.
        if (Says(words, Limited) || status == (int)HttpStatusCode.TooManyRequests)
            return new(RegistryFailureKind.Limited);
        // Before the status: engines return 404 and 500 for refused credentials, too.
        if (Says(words, Unauthorized) || status is (int)HttpStatusCode.Unauthorized or (int)HttpStatusCode.Forbidden)
            return new(RegistryFailureKind.Unauthorized);
        if (Says(words, Transient))
            return new(RegistryFailureKind.Unreachable, IsTransient: true);
        if (Says(words, Unreachable))
            return new(RegistryFailureKind.Unreachable);
        // Another client may be pushing the same blob at this moment.
        if (Says(words, "blob unknown"))
            return new(RegistryFailureKind.Other, IsTransient: true);
        // The image exists, but not for the engine's platform.
        if (Says(words, "no matching manifest"))
            return new(RegistryFailureKind.Other);
        return Says(words, NotFound) || status == (int)HttpStatusCode.NotFound
            || (Says(words, "not found") && Says(words, "failed to resolve reference"))
                ? new(RegistryFailureKind.NotFound)
                : new(RegistryFailureKind.Other);
    }

    /// <summary>Removes image names, URLs and paths: an image may be called anything, even <c>unauthorized</c>.</summary>
    private static string WithoutNames(string message) => string.Join(
        ' ', message.ToLowerInvariant().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
            .Where(word => !word.Contains('/', StringComparison.Ordinal) || word.StartsWith("i/o", StringComparison.Ordinal)));

    private static bool Says(string words, params string[] phrases) =>
        phrases.Any(phrase => words.Contains(phrase, StringComparison.Ordinal));
}

namespace Crane.Testing;

/// <summary>What a test registry is to be like. By default it is empty, open to all, and served over plain http.</summary>
public sealed record TestRegistryOptions
{
    /// <summary>Where it listens on 127.0.0.1; 0 lets the system choose.</summary>
    public int Port { get; init; }

    /// <summary>The folder that keeps everything; null means one of its own, gone when it ends.</summary>
    public string? Root { get; init; }

    /// <summary>With users, the registry wants one of their credentials with each request, as Basic authentication.</summary>
    public IReadOnlyList<TestUser> Users { get; init; } = [];

    /// <summary>With a token service, the registry wants its tokens, and nothing else.</summary>
    public TokenService? Tokens { get; init; }

    /// <summary>With it, the registry serves TLS, with HTTP/2 for clients that like it.</summary>
    public ServerTls? Tls { get; init; }

    /// <summary>Without it, clients fall back to the tag that lists referrers.</summary>
    public bool HasReferrers { get; init; } = true;

    /// <summary>The tags that never change once they are there; <c>*</c> matches any characters. Null means none.</summary>
    public string? ImmutableTags { get; init; }

    /// <summary>Whether a manifest goes at once that has no tag.</summary>
    public bool CollectsUntagged { get; init; }

    /// <summary>How many items a page of a list has at most, whatever a client asks for; null means as many as it wants.</summary>
    public int? PageSize { get; init; }
}

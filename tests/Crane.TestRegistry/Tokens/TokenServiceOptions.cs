namespace Crane.Testing;

/// <summary>What a token service is to be like.</summary>
public sealed record TokenServiceOptions
{
    /// <summary>Who may have tokens.</summary>
    public IReadOnlyList<TestUser> Users { get; init; } = [];

    /// <summary>Whether clients without a credential get tokens to pull with; else they get none at all.</summary>
    public bool AllowsAnonymousPull { get; init; }

    /// <summary>How long a token is good for; whole seconds count, so it may be up to one less.</summary>
    public TimeSpan Lifetime { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Whether a response says how long its token is good for; the specification does not oblige it to.</summary>
    public bool TellsLifetime { get; init; } = true;

    /// <summary>
    /// How long the registry takes a token after its end, because clocks differ: docker's does so for 60 seconds. Tokens
    /// end so much earlier that the registry refuses them when their lifetime is over.
    /// </summary>
    public TimeSpan RegistryLeeway { get; init; }

    /// <summary>Whether it supports OAuth2's POST, too; where not, clients fall back to GET.</summary>
    public bool TakesPost { get; init; } = true;

    /// <summary>The registry that the tokens are for.</summary>
    public string Service { get; init; } = "test-registry";

    /// <summary>Who the tokens say issued them.</summary>
    public string Issuer { get; init; } = "crane-test-tokens";

    /// <summary>Where it listens on 127.0.0.1; 0 lets the system choose.</summary>
    public int Port { get; init; }

    /// <summary>With it, the service serves TLS.</summary>
    public ServerTls? Tls { get; init; }

    /// <summary>The clock by which tokens end.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}

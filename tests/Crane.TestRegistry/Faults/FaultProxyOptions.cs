using System.Security.Cryptography.X509Certificates;

namespace Crane.Testing;

/// <summary>What a proxy is to be like.</summary>
public sealed record FaultProxyOptions
{
    /// <summary>Where it listens on 127.0.0.1; 0 lets the system choose.</summary>
    public int Port { get; init; }

    /// <summary>With it, the proxy serves TLS, whatever the registry does.</summary>
    public ServerTls? Tls { get; init; }

    /// <summary>Whom it trusts where the registry serves TLS.</summary>
    public TlsAuthority? UpstreamAuthority { get; init; }

    /// <summary>What it shows to a registry that wants a certificate of its clients.</summary>
    public X509Certificate2? UpstreamCertificate { get; init; }
}

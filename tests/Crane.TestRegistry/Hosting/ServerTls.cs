using System.Security.Cryptography.X509Certificates;

namespace Crane.Testing;

/// <summary>What a server serves TLS with.</summary>
/// <param name="Certificate">The server's certificate, with its key.</param>
public sealed record ServerTls(X509Certificate2 Certificate)
{
    /// <summary>Whose certificates a client must show; null asks for none.</summary>
    public TlsAuthority? ClientAuthority { get; init; }
}

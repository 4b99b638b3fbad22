using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Crane.Testing;

/// <summary>A certificate authority of a test's own.</summary>
public sealed class TlsAuthority : IDisposable
{
    private readonly X509Certificate2 _certificate;

    /// <summary>Makes one that nobody trusts yet.</summary>
    public TlsAuthority()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Crane test authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        _certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }

    /// <summary>The authority's certificate, as <c>ca.pem</c> or <c>ca.crt</c> has it.</summary>
    public string Pem => _certificate.ExportCertificatePem();

    /// <summary>The key of an issued certificate, as <c>key.pem</c> or <c>client.key</c> has it.</summary>
    public static string KeyPem(X509Certificate2 certificate) =>
        certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem();

    /// <summary>A certificate, for a server at an address or for a client; with its key.</summary>
    public X509Certificate2 Issue(string name, IPAddress? address = null)
    {
        var names = new SubjectAlternativeNameBuilder();
        if (address is not null)
            names.AddIpAddress(address);
        return Issue(name, address is null ? null : names);
    }

    /// <summary>A certificate for a server on this machine, whether it is called 127.0.0.1, [::1] or localhost; with its key.</summary>
    public X509Certificate2 IssueLoopback()
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        names.AddIpAddress(IPAddress.IPv6Loopback);
        names.AddDnsName("localhost");
        return Issue("localhost", names);
    }

    /// <summary>Tells whether this authority, and no other, issued a certificate.</summary>
    public bool HasIssued(X509Certificate2 certificate)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.CustomTrustStore.Add(_certificate);
        return chain.Build(certificate);
    }

    /// <inheritdoc/>
    public void Dispose() => _certificate.Dispose();

    private X509Certificate2 Issue(string name, SubjectAlternativeNameBuilder? names)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        if (names is not null)
            request.CertificateExtensions.Add(names.Build());
        using var bare = request.Create(
            _certificate, DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddHours(1), Guid.NewGuid().ToByteArray());
        using var keyed = bare.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(keyed.Export(X509ContentType.Pkcs12), null);
    }
}

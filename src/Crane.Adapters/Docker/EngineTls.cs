using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Crane.Adapters.Credentials;

namespace Crane.Adapters.Docker;

/// <summary>How TLS is spoken to an engine: which authorities vouch for it, and who we say that we are.</summary>
/// <param name="Folder">Where <c>ca.pem</c>, <c>cert.pem</c> and <c>key.pem</c> lie, each optional; null for none.</param>
/// <param name="Verify">Whether the engine's certificate is checked; only a docker context can turn that off.</param>
internal sealed record EngineTls(string? Folder, bool Verify)
{
    /// <summary>TLS as <c>DOCKER_TLS_VERIFY</c> and <c>DOCKER_CERT_PATH</c> ask for it; null for none.</summary>
    public static EngineTls? FromVariables(DockerEnvironment environment) =>
        environment.Get("DOCKER_TLS_VERIFY") is null
            ? null
            : new EngineTls(environment.Get("DOCKER_CERT_PATH") ?? environment.ConfigFolder, Verify: true);

    /// <summary>Reads the certificates.</summary>
    /// <exception cref="CraneException">InvalidValue, with the file, for a certificate or key that cannot be used.</exception>
    public SslClientAuthenticationOptions Options()
    {
        var options = new SslClientAuthenticationOptions();
        if (!Verify)
        {
            // The user turned verification off for this context: docker context create --docker skip-tls-verify=true.
#pragma warning disable CA5359
            options.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
#pragma warning restore CA5359
        }
        else if (Authorities() is { } authorities)
        {
            // Only these may vouch for the engine; the name in its certificate is checked all the same.
            options.CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
            };
            options.CertificateChainPolicy.CustomTrustStore.AddRange(authorities);
        }
        if (ClientCertificate() is { } certificate)
            options.ClientCertificates = [certificate];
        return options;
    }

    private X509Certificate2Collection? Authorities()
    {
        if (Existing("ca.pem") is not { } path)
            return null;
        var authorities = new X509Certificate2Collection();
        Read(path, () => authorities.ImportFromPemFile(path));
        return authorities.Count > 0 ? authorities : throw Unusable(path, "it holds no certificate");
    }

    private X509Certificate2? ClientCertificate()
    {
        var (certificate, key) = (Existing("cert.pem"), Existing("key.pem"));
        if (certificate is null && key is null)
            return null;
        if (certificate is null || key is null)
            throw Unusable(certificate ?? key!, $"there is no {(certificate is null ? "cert.pem" : "key.pem")} beside it");

        X509Certificate2? pair = null;
        Read(certificate, () => pair = WithUsableKey(X509Certificate2.CreateFromPemFile(certificate, key)));
        return pair;
    }

    /// <summary>Windows does not use a key from memory for TLS; read back from PKCS #12 it has one that it does.</summary>
    private static X509Certificate2 WithUsableKey(X509Certificate2 certificate)
    {
        if (!OperatingSystem.IsWindows())
            return certificate;
        using (certificate)
            return new X509Certificate2(certificate.Export(X509ContentType.Pkcs12));
    }

    private string? Existing(string name) =>
        Folder is not null && Path.Combine(Folder, name) is var path && File.Exists(path) ? path : null;

    private static void Read(string path, Action read)
    {
        try
        {
            read();
        }
        catch (Exception fault) when (
            fault is CryptographicException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            throw Unusable(path, fault.Message, fault);
        }
    }

    private static CraneException Unusable(string path, string why, Exception? inner = null) => new(
        CraneErrorId.InvalidValue, $"The TLS certificate {path} for the container engine cannot be used: {why}",
        "Correct the file, or set DOCKER_CERT_PATH to the folder of ca.pem, cert.pem and key.pem.", inner);
}

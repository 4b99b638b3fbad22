using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Crane.Adapters.Machine;

namespace Crane.Adapters.Engine;

/// <summary>The TLS of an engine: the trusted authorities and the client certificate.</summary>
/// <param name="Folder">The folder of <c>ca.pem</c>, <c>cert.pem</c> and <c>key.pem</c>, each optional; null for none.</param>
/// <param name="Verify">Whether the engine's certificate is checked; only a docker context can turn that off.</param>
internal sealed record EngineTls(string? Folder, bool Verify)
{
    private static readonly CertificateFiles Files = new(
        "the container engine", "Correct the file, or set DOCKER_CERT_PATH to the folder of ca.pem, cert.pem and key.pem.");

    /// <summary>The TLS of <c>DOCKER_TLS_VERIFY</c> and <c>DOCKER_CERT_PATH</c>; null for none.</summary>
    public static EngineTls? FromVariables(DockerEnvironment environment) =>
        environment.Get("DOCKER_TLS_VERIFY") is null
            ? null
            : new EngineTls(environment.Get("DOCKER_CERT_PATH") ?? environment.ConfigFolder, Verify: true);

    /// <summary>Reads the certificates.</summary>
    /// <exception cref="CraneException">CertificateInvalid, with the file, for a certificate or key that cannot be used.</exception>
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
            // Only these authorities are trusted; the name in the certificate is checked, too.
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

    private X509Certificate2Collection? Authorities() => Existing("ca.pem") is { } path ? Files.Authorities(path) : null;

    private X509Certificate2? ClientCertificate() => Existing("cert.pem") is null && Existing("key.pem") is null
        ? null
        : Files.Pair(Path.Combine(Folder!, "cert.pem"), Path.Combine(Folder!, "key.pem"));

    private string? Existing(string name) =>
        Folder is not null && Path.Combine(Folder, name) is var path && File.Exists(path) ? path : null;
}

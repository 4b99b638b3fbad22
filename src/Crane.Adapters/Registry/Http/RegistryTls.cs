using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Crane.Adapters.Registry.Http;

/// <summary>The TLS options of a registry, also for its token service and the hosts that it redirects to.</summary>
internal static class RegistryTls
{
    private static readonly Oid ServerAuthentication = new("1.3.6.1.5.5.7.3.1");

    public static SslClientAuthenticationOptions Options(string registry, bool isVerified, RegistryCertificates certificates)
    {
        var options = new SslClientAuthenticationOptions
        {
            RemoteCertificateValidationCallback = (sender, certificate, chain, errors) => !isVerified
                || errors == SslPolicyErrors.None
                || Check(((SslStream)sender).TargetHostName, certificate, chain, errors, certificates.Authorities, registry),
        };
        if (certificates.Client.Count > 0)
        {
            var host = RegistryOrigin.HostOf(registry);
            // The client certificate is for the registry itself, not for the hosts that it redirects to.
            options.LocalCertificateSelectionCallback = (_, target, _, _, issuers) =>
                target.Equals(host, StringComparison.OrdinalIgnoreCase) ? Choose(certificates.Client, issuers) : null!;
        }
        return options;
    }

    private static X509Certificate2 Choose(X509Certificate2Collection client, string[] issuers) =>
        client.FirstOrDefault(certificate => issuers.Contains(certificate.Issuer)) ?? client[0];

    // Throws instead of returning false: .NET's message does not say what is wrong with the certificate.
    private static bool Check(
        string host, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors,
        X509Certificate2Collection authorities, string registry)
    {
        if (certificate is not X509Certificate2 presented || chain is null)
            throw CertificateErrors.Missing(registry, host);
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
            throw CertificateErrors.WrongName(registry, host, presented);
        if (authorities.Count == 0)
            throw CertificateErrors.Untrusted(registry, host, presented, chain);

        using var again = new X509Chain();
        again.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        again.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        again.ChainPolicy.ApplicationPolicy.Add(ServerAuthentication);
        again.ChainPolicy.CustomTrustStore.AddRange(authorities);
        again.ChainPolicy.ExtraStore.AddRange(chain.ChainPolicy.ExtraStore);
        foreach (var element in chain.ChainElements)
            again.ChainPolicy.ExtraStore.Add(element.Certificate);
        return again.Build(presented) ? true : throw CertificateErrors.Untrusted(registry, host, presented, again);
    }
}

using System.Globalization;
using System.Security.Cryptography.X509Certificates;

namespace Crane.Adapters.Registry.Http;

/// <summary>Why a registry's certificate is not trusted, and what to do about it.</summary>
internal static class CertificateErrors
{
    private const string CommonName = "2.5.4.3";

    public static CraneException Missing(string registry, string host) =>
        Error(registry, host, "the server sent none", "Check the registry's name and port.");

    public static CraneException WrongName(string registry, string host, X509Certificate2 certificate) => Error(
        registry, host, $"it is for {Names(certificate)}, not for '{host}'",
        "Use a name that is in the certificate, or get a certificate for this name.");

    /// <summary>The certificate is for that host, but its chain does not hold.</summary>
    public static CraneException Untrusted(string registry, string host, X509Certificate2 certificate, X509Chain chain)
    {
        var now = DateTime.Now;
        foreach (var element in chain.ChainElements.Select(element => element.Certificate))
        {
            var whose = element.Equals(certificate) ? "it" : $"the certificate of its authority '{Name(element.SubjectName)}'";
            if (element.NotAfter < now)
                return Error(registry, host, $"{whose} expired on {Day(element.NotAfter)}", "Renew the certificate.");
            if (element.NotBefore > now)
            {
                return Error(
                    registry, host, $"{whose} is not valid before {Day(element.NotBefore)}",
                    "Check the clock of this machine and of the registry.");
            }
        }

        var status = chain.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (flags, one) => flags | one.Status);
        return (status & (X509ChainStatusFlags.UntrustedRoot | X509ChainStatusFlags.PartialChain)) != 0
            ? Error(
                registry, host, $"its certificate authority '{Name(certificate.IssuerName)}' is unknown",
                $"Put the authority's certificate into docker's certs.d/{registry}/ca.crt, or name it with registries.HOST.ca in the "
                + "crane file or, if no crane file names the image, with -CertificateAuthority. registries.HOST.insecure and -Insecure "
                + "turn the check off.")
            : Error(
                registry, host, string.Join(' ', chain.ChainStatus.Select(one => one.StatusInformation.Trim()).Distinct()),
                "Replace the certificate.");
    }

    private static string Names(X509Certificate2 certificate)
    {
        var names = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>()
            .SelectMany(names => names.EnumerateDnsNames().Concat(names.EnumerateIPAddresses().Select(address => $"{address}")))
            .Select(name => $"'{name}'")
            .ToList();
        return names.Count > 0 ? string.Join(", ", names) : $"'{Name(certificate.SubjectName)}' and has no alternative names";
    }

    private static string Name(X500DistinguishedName name) =>
        name.EnumerateRelativeDistinguishedNames().FirstOrDefault(part => part.GetSingleElementType().Value == CommonName)?
            .GetSingleElementValue() ?? name.Name;

    private static string Day(DateTime moment) =>
        moment.ToUniversalTime().ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);

    private static CraneException Error(string registry, string host, string why, string advice)
    {
        var whose = host.Equals(RegistryOrigin.HostOf(registry), StringComparison.OrdinalIgnoreCase)
            ? $"the registry '{registry}'" : $"'{host}', to which the registry '{registry}' redirects,";
        return new(CraneErrorId.RegistryUnreachable, $"The TLS certificate of {whose} is not trusted: {why}.", advice);
    }
}

using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Crane.Adapters.Machine;

/// <summary>Reads certificates and keys in PEM, as docker's programs keep them.</summary>
/// <param name="purpose">What they are for, for messages, such as <c>the container engine</c>.</param>
/// <param name="advice">What to do about an unusable one.</param>
internal sealed class CertificateFiles(string purpose, string advice)
{
    /// <summary>Reads the certificates of a file.</summary>
    /// <exception cref="CraneException">CertificateInvalid, with the file, where it cannot be read or has none.</exception>
    public X509Certificate2Collection Authorities(string path)
    {
        var authorities = new X509Certificate2Collection();
        Read(path, () => authorities.ImportFromPem(Text(path)));
        return authorities.Count > 0 ? authorities : throw Unusable(path, "it has no certificate");
    }

    /// <summary>Reads a client's certificate with its key.</summary>
    /// <exception cref="CraneException">CertificateInvalid, with the file, where they cannot be read or do not belong together.</exception>
    public X509Certificate2 Pair(string certificate, string key)
    {
        if (!File.Exists(certificate))
            throw Unusable(key, $"there is no {Path.GetFileName(certificate)} beside it");
        if (!File.Exists(key))
            throw Unusable(certificate, $"there is no {Path.GetFileName(key)} beside it");

        X509Certificate2? pair = null;
        Read(certificate, () => pair = WithUsableKey(X509Certificate2.CreateFromPem(Text(certificate), Text(key))));
        return pair!;
    }

    // Windows cannot use a key from memory for TLS; read back from PKCS #12, it can.
    private static X509Certificate2 WithUsableKey(X509Certificate2 certificate)
    {
        if (!OperatingSystem.IsWindows())
            return certificate;
        using (certificate)
            return new X509Certificate2(certificate.Export(X509ContentType.Pkcs12));
    }

    private static string Text(string path) => Encoding.UTF8.GetString(RegularFile.ReadAllBytes(path));

    private void Read(string path, Action read)
    {
        try
        {
            read();
        }
        catch (Exception exception) when (
            exception is CryptographicException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            throw Unusable(path, exception.Message, exception);
        }
    }

    private CraneException Unusable(string path, string why, Exception? inner = null) => new(
        CraneErrorId.CertificateInvalid, $"The TLS certificate {path} for {purpose} cannot be used: {why}", advice, inner);
}

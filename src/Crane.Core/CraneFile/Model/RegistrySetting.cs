using Crane.CraneFile.Model;

namespace Crane;

/// <summary>How a registry is spoken to: an entry of <c>registries</c> in a crane file.</summary>
public sealed record RegistrySetting
{
    internal RegistrySetting()
    {
    }

    /// <summary>The registry's host, with its port if it has one.</summary>
    public string RegistryHost { get; internal init; } = "";

    /// <summary>Whether plain http and unverified TLS are allowed.</summary>
    public bool Insecure { get; internal init; }

    /// <summary>Full path of a file of CA certificates to trust; null for the system's.</summary>
    public string? CertificateAuthority { get; internal init; }

    /// <summary>Registries to read from first.</summary>
    public IReadOnlyList<string> Mirror { get; internal init => field = TextList.Of(value); } = TextList.Of([]);

    internal static RegistrySetting Of(SectionValues values) => new()
    {
        RegistryHost = values.Text(nameof(RegistryHost)) ?? "",
        Insecure = values.Flag(nameof(Insecure)),
        CertificateAuthority = values.Text(nameof(CertificateAuthority)),
        Mirror = values.Texts(nameof(Mirror)),
    };

    /// <summary>The setting as a JSON object, so that it survives where only a text fits.</summary>
    public override string ToString() => SectionText.Write(this);
}

using System.Diagnostics.CodeAnalysis;

namespace Crane.Oci;

/// <summary>What an image runs on, <c>os/architecture[/variant][:version]</c>.</summary>
/// <param name="Os">The operating system, such as <c>linux</c>.</param>
/// <param name="Architecture">The processor, such as <c>amd64</c>.</param>
/// <param name="Variant">Which of its kind, such as <c>v7</c>; null where there is one only.</param>
internal sealed record ImagePlatform(string Os, string Architecture, string? Variant)
{
    /// <summary>The exact version of the operating system, which only Windows images give.</summary>
    public string? OsVersion { get; init; }

    /// <summary>Reads <c>os/architecture[/variant][:version]</c>; upper case is taken for lower.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out ImagePlatform? platform)
    {
        var parts = (text ?? "").ToLowerInvariant().Split(':', 2);
        platform = parts[0].Split('/') switch
        {
            [{ Length: > 0 } os, { Length: > 0 } architecture] => Normal(os, architecture, null),
            [{ Length: > 0 } os, { Length: > 0 } architecture, { Length: > 0 } variant] => Normal(os, architecture, variant),
            _ => null,
        };
        if (parts is [_, { Length: > 0 } version])
            platform = platform is null ? null : platform with { OsVersion = version };
        else if (parts.Length > 1)
            platform = null;
        return platform is not null;
    }

    /// <summary>
    /// Whether an image of the platform <paramref name="offered"/> is what is asked for here. A version accepts those that begin
    /// with the same numbers; none accepts all.
    /// </summary>
    public bool Accepts(ImagePlatform offered) =>
        this with { OsVersion = null } == Normal(offered.Os, offered.Architecture, offered.Variant)
        && (OsVersion is null || $"{offered.OsVersion}.".StartsWith($"{OsVersion}.", StringComparison.Ordinal));

    /// <summary><c>os/architecture[/variant][:version]</c>.</summary>
    public override string ToString() =>
        $"{Os}/{Architecture}{(Variant is null ? "" : $"/{Variant}")}{(OsVersion is null ? "" : $":{OsVersion}")}";

    // The names that machines have for themselves, and the variants that go without saying: after containerd's platforms.
    private static ImagePlatform Normal(string os, string architecture, string? variant)
    {
        var usual = architecture switch
        {
            "x86_64" or "x86-64" => "amd64",
            "aarch64" => "arm64",
            "i386" => "386",
            "armhf" => "arm",
            _ => architecture,
        };
        return new ImagePlatform(os, usual, (usual, variant) switch
        {
            ("amd64", "v1") or ("arm64", "v8" or "8") => null,
            ("arm", null) => "v7",
            ("arm", "5" or "6" or "7") => $"v{variant}",
            _ => variant,
        });
    }
}

using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace Crane.Oci;

/// <summary>The platform of an image, <c>os/architecture[/variant][:version]</c>.</summary>
internal sealed record ImagePlatform(string Os, string Architecture, string? Variant)
{
    private const string Linux = "linux";

    private static readonly string[] Systems =
    [
        "aix", "android", "darwin", "dragonfly", "freebsd", "hurd", "illumos", "ios", "js", Linux, "nacl", "netbsd", "openbsd",
        "plan9", "solaris", "windows", "zos",
    ];

    private static readonly string[] Architectures =
    [
        "386", "amd64", "amd64p32", "arm", "armbe", "arm64", "arm64be", "ppc64", "ppc64le", "loong64", "mips", "mipsle", "mips64",
        "mips64le", "mips64p32", "mips64p32le", "ppc", "riscv", "riscv64", "s390", "s390x", "sparc", "sparc64", "wasm",
    ];

    /// <summary>Linux on this machine's architecture: the usual platform of a local engine.</summary>
    public static ImagePlatform OfThisMachine { get; } = RuntimeInformation.OSArchitecture switch
    {
        System.Runtime.InteropServices.Architecture.X64 => new(Linux, "amd64", null),
        System.Runtime.InteropServices.Architecture.X86 => new(Linux, "386", null),
        var other => Normal(Linux, other.ToString().ToLowerInvariant(), null),
    };

    /// <summary>The exact version of the operating system, which only Windows images have.</summary>
    public string? OsVersion { get; init; }

    /// <summary>Reads <c>os/architecture[/variant][:version]</c>; case is ignored.</summary>
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
    /// Reads <c>os[(version)]</c>, <c>architecture</c> or <c>os[(version)]/architecture[/variant]</c>, as containerd does
    /// (https://github.com/containerd/platforms); missing parts are this machine's, and the version is ignored.
    /// </summary>
    public static bool TryParseSpecifier(string text, [NotNullWhen(true)] out ImagePlatform? platform)
    {
        var parts = Regex.Match(text, @"\A([A-Za-z0-9_-]+)(?:\([A-Za-z0-9_.%+-]*\))?(?:/([A-Za-z0-9_.-]+))?(?:/([A-Za-z0-9_.-]+))?\z")
            .Groups.Values.Skip(1).Select(part => part.Success ? part.Value.ToLowerInvariant() : null).ToArray();
        platform = parts switch
        {
            [{ } os, { } architecture, var variant] => Normal(os, architecture, variant),
            [{ } os, ..] when Systems.Contains(Normal(os, "", null).Os) => OfThisMachine with { Os = Normal(os, "", null).Os },
            [{ } architecture, ..] when !text.Contains('(', StringComparison.Ordinal)
                && Architectures.Contains(Normal(Linux, architecture, null).Architecture) => Normal(Linux, architecture, null),
            _ => null,
        };
        return platform is not null;
    }

    /// <summary>
    /// Whether an image of the platform <paramref name="offered"/> matches. A version also matches longer ones; none matches all.
    /// </summary>
    public bool Accepts(ImagePlatform offered) =>
        this with { OsVersion = null } == Normal(offered.Os, offered.Architecture, offered.Variant)
        && (OsVersion is null || $"{offered.OsVersion}.".StartsWith($"{OsVersion}.", StringComparison.Ordinal));

    /// <summary><c>os/architecture[/variant][:version]</c>.</summary>
    public override string ToString() =>
        $"{Os}/{Architecture}{(Variant is null ? "" : $"/{Variant}")}{(OsVersion is null ? "" : $":{OsVersion}")}";

    // Other names of architectures and default variants, after containerd's platforms.
    private static ImagePlatform Normal(string os, string architecture, string? variant)
    {
        var system = os == "macos" ? "darwin" : os;
        return (architecture, variant) switch
        {
            ("i386", _) => new(system, "386", null),
            ("x86_64" or "x86-64" or "amd64", _) => new(system, "amd64", variant == "v1" ? null : variant),
            ("aarch64" or "arm64", "8" or "v8" or "v8.0") => new(system, "arm64", null),
            ("aarch64" or "arm64", "9" or "9.0" or "v9.0") => new(system, "arm64", "v9"),
            ("aarch64" or "arm64", _) => new(system, "arm64", variant),
            ("armhf", _) or ("arm", null or "7") => new(system, "arm", "v7"),
            ("armel", _) => new(system, "arm", "v6"),
            ("arm", "5" or "6" or "8") => new(system, "arm", $"v{variant}"),
            _ => new(system, architecture, variant),
        };
    }
}

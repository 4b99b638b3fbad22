using System.Runtime.InteropServices;
using Crane.Errors;

namespace Crane.Adapters.Building.Dockerfiles.Stages;

/// <summary>
/// What an image runs on, written <c>os[(version)]</c>, <c>arch</c> or <c>os/arch[/variant]</c>, as containerd reads it
/// (https://github.com/containerd/platforms).
/// </summary>
internal sealed record Platform(string Os, string Architecture, string Variant)
{
    private const string Linux = "linux";

    private static readonly string[] _systems =
    [
        "aix", "android", "darwin", "dragonfly", "freebsd", "hurd", "illumos", "ios", "js", "linux", "nacl", "netbsd", "openbsd",
        "plan9", "solaris", "windows", "zos",
    ];

    private static readonly string[] _architectures =
    [
        "386", "amd64", "amd64p32", "arm", "armbe", "arm64", "arm64be", "ppc64", "ppc64le", "loong64", "mips", "mipsle", "mips64",
        "mips64le", "mips64p32", "mips64p32le", "ppc", "riscv", "riscv64", "s390", "s390x", "sparc", "sparc64", "wasm",
    ];

    /// <summary>Linux on this machine's architecture: what an engine here commonly is.</summary>
    public static Platform OfThisMachine { get; } = RuntimeInformation.OSArchitecture switch
    {
        System.Runtime.InteropServices.Architecture.X64 => new(Linux, "amd64", ""),
        System.Runtime.InteropServices.Architecture.X86 => new(Linux, "386", ""),
        System.Runtime.InteropServices.Architecture.Arm => new(Linux, "arm", "v7"),
        var other => new(Linux, other.ToString().ToLowerInvariant(), ""),
    };

    /// <exception cref="DockerfileFault">No platform.</exception>
    public static Platform Parse(string text)
    {
        var parts = text.Split('/');
        var system = SystemOf(parts[0]);
        var valid = system is not null && parts.Length <= 3 && parts.Skip(1).All(IsComponent);
        return (valid, parts) switch
        {
            (true, [_, var architecture]) => Of(system!, architecture, ""),
            (true, [_, var architecture, var variant]) => Of(system!, architecture, variant),
            (true, _) when _systems.Contains(system) => OfThisMachine with { Os = system! },
            (true, _) when Of(Linux, text, "") is var platform && _architectures.Contains(platform.Architecture) => platform,
            _ => throw new DockerfileFault(
                $"{VisibleText.Quote(text)} is no platform",
                "Write it as os/arch or os/arch/variant, such as linux/arm64 or linux/arm/v7."),
        };
    }

    /// <summary><c>os/arch[/variant]</c>.</summary>
    public override string ToString() => Variant.Length > 0 ? $"{Os}/{Architecture}/{Variant}" : $"{Os}/{Architecture}";

    // The version and the features of a system, as in windows(10.0.17763+win32k), have no part in arguments we need.
    private static string? SystemOf(string text)
    {
        var parts = text.Split('(', 2);
        var name = parts is [_, [.. var options, ')']] && options.All(IsOptionCharacter) ? parts[0] : text;
        var system = name.ToLowerInvariant();
        return name.Length > 0 && name.All(IsNameCharacter) ? system == "macos" ? "darwin" : system : null;
    }

    private static bool IsComponent(string text) => text.Length > 0 && text.All(IsComponentCharacter);

    private static bool IsOptionCharacter(char character) => IsComponentCharacter(character) || character is '%' or '+';

    private static bool IsComponentCharacter(char character) => IsNameCharacter(character) || character == '.';

    private static bool IsNameCharacter(char character) => char.IsAsciiLetterOrDigit(character) || character is '-' or '_';

    private static Platform Of(string system, string architecture, string variant) =>
        (architecture.ToLowerInvariant(), variant.ToLowerInvariant()) switch
        {
            ("i386", _) => new(system, "386", ""),
            ("x86_64" or "x86-64" or "amd64", "" or "v1") => new(system, "amd64", ""),
            ("x86_64" or "x86-64" or "amd64", var level) => new(system, "amd64", level),
            ("aarch64" or "arm64", "" or "8" or "v8" or "v8.0") => new(system, "arm64", ""),
            ("aarch64" or "arm64", "9" or "9.0" or "v9.0") => new(system, "arm64", "v9"),
            ("aarch64" or "arm64", var level) => new(system, "arm64", level),
            ("armhf", _) or ("arm", "" or "7") => new(system, "arm", "v7"),
            ("armel", _) => new(system, "arm", "v6"),
            ("arm", "5" or "6" or "8") => new(system, "arm", $"v{variant}"),
            var (other, level) => new(system, other, level),
        };
}

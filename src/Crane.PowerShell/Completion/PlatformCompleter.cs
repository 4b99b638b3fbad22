using System.Collections;

namespace Crane.Completion;

/// <summary>Completes the platforms that images are usually made for.</summary>
public sealed class PlatformCompleter : WordCompleter
{
    // Those of Docker's official images, the most frequent ones first.
    private static readonly string[] Platforms =
    [
        "linux/amd64", "linux/arm64", "linux/arm/v7", "linux/arm/v6", "linux/386", "linux/ppc64le", "linux/riscv64", "linux/s390x",
        "windows/amd64",
    ];

    private protected override Func<IReadOnlyList<string>> WordSource(IDictionary boundParameters) => () => Platforms;
}

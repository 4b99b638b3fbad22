using Crane.Content;

namespace Crane.Commands;

/// <summary>Reads what is given to -Platform.</summary>
internal static class PlatformText
{
    /// <exception cref="CraneException">InvalidValue.</exception>
    public static ImagePlatform Read(string text) => ImagePlatform.TryParse(text, out var platform)
        ? platform
        : throw new CraneException(
            CraneErrorId.InvalidValue, $"-Platform '{text}' is not a platform.", "Write it as os/architecture[/variant], such as linux/arm64; with a version of Windows as windows/amd64:10.0.20348.")
        {
            Target = text,
        };
}

using Crane.Adapters.Credentials;
using Crane.Adapters.Docker;

namespace Crane.Adapters.Building;

/// <summary>The errors of builders about the images that builds start from.</summary>
internal static class BaseFaults
{
    /// <summary>What went wrong with the image that an instruction refers to; null where it is not about a registry.</summary>
    public static CraneException? Of(ImageName image, string words, RegistryCredentials credentials) => KindOf(words) switch
    {
        { Kind: RegistryFaultKind.NotFound or RegistryFaultKind.NotLocal } => NotFound(image, words),
        { Kind: RegistryFaultKind.Unauthorized or RegistryFaultKind.Unreachable or RegistryFaultKind.Limited } fault =>
            credentials.Explain(ImageFaults.Registry(image, fault, words), image.Registry),
        _ => null,
    };

    /// <summary>The image exists nowhere.</summary>
    public static CraneException NotFound(ImageName image, string words) => new(
        CraneErrorId.ImageNotFound, $"the image '{image}' is neither here nor in {image.Registry}: {words}",
        "Check its name and tag. If a container of the crane file has that image, build or pull that one first.");

    /// <summary>
    /// Registries refuse an image that does not exist, so as not to tell what does. Unless it is the credentials that they
    /// speak of, that is the likelier reason for a base.
    /// </summary>
    private static RegistryFault KindOf(string words)
    {
        string[] aboutCredentials = ["no basic auth", "unauthorized", "authentication required", "incorrect username"];
        return Says(words, "pull access denied") && !aboutCredentials.Any(phrase => Says(words, phrase))
            ? new(RegistryFaultKind.NotFound)
            : RegistryFault.Read(0, words);
    }

    private static bool Says(string words, string phrase) => words.Contains(phrase, StringComparison.OrdinalIgnoreCase);
}

using Crane.Adapters.Registry.Http;

namespace Crane.Adapters.Engine;

/// <summary>The errors of moving an image, in words about the image.</summary>
internal static class ImageErrors
{
    private const string EnginesOwnWords = "These are the engine's own words; its log says more.";

    /// <summary>The engine has no such image.</summary>
    public static CraneException NotLocal(ImageName image, EngineEndpoint endpoint) => new(
        CraneErrorId.LocalImageNotFound, $"There is no image '{image}' in {endpoint.Address}.", "Build or pull it first.");

    /// <summary>The engine has no image of that repository.</summary>
    public static CraneException NoneOf(ImageName repository, EngineEndpoint endpoint) => new(
        CraneErrorId.LocalImageNotFound,
        $"There is no image of '{repository.WithoutDigest().WithoutTag()}' in {endpoint.Address}.",
        "Build or pull one first, or look elsewhere with -Engine.");

    /// <summary>A pull failed.</summary>
    public static CraneException Pull(ImageName image, RegistryFailure fault, string words) => fault.Kind switch
    {
        RegistryFailureKind.NotFound => new(
            CraneErrorId.ImageNotFound, $"{image.ShownRegistry} has no image '{image}': {words}",
            "Check the name and tag, and that the image was pushed."),
        RegistryFailureKind.Unauthorized or RegistryFailureKind.Unreachable or RegistryFailureKind.Limited => Registry(image, fault, words),
        _ => new(CraneErrorId.PullFailed, $"'{image}' could not be pulled: {words}", EnginesOwnWords),
    };

    /// <summary>A push failed.</summary>
    public static CraneException Push(ImageName image, RegistryFailure fault, string words, EngineEndpoint endpoint) =>
        fault.Kind switch
        {
            RegistryFailureKind.NotLocal => NotLocal(image, endpoint),
            // containerd before its issue 8973 was solved: a pull leaves out a layer that is there unpacked.
            RegistryFailureKind.ContentMissing => new(
                CraneErrorId.PushFailed, $"'{image}' could not be pushed: {words}",
                "The engine pulled this image without the layers that it had unpacked already, and cannot send those. Copy it "
                + "from its registry with Copy-CraneImage; or remove what else has the layers (docker image rm, docker builder "
                + "prune), and pull again."),
            RegistryFailureKind.Unauthorized or RegistryFailureKind.Unreachable or RegistryFailureKind.Limited => Registry(image, fault, words),
            _ => new(CraneErrorId.PushFailed, $"'{image}' could not be pushed: {words}", EnginesOwnWords),
        };

    /// <summary>The registry refused, or was not reached.</summary>
    public static CraneException Registry(ImageName image, RegistryFailure fault, string words) => fault.Kind switch
    {
        RegistryFailureKind.Unauthorized => new(
            CraneErrorId.RegistryUnauthorized, $"{image.ShownRegistry} refused '{image}': {words}",
            $"Log in with Connect-CraneRegistry {image.Registry} or docker login {image.Registry}, or give -Credential. "
            + "Some registries answer the same for an image that does not exist."),
        RegistryFailureKind.Limited => ResponseErrors.Unavailable(
            RegistryOrigin.TitleOf(image.Registry), $"429 Too Many Requests: {words.TrimEnd('.')}", isTransient: false),
        _ => new(
            CraneErrorId.RegistryUnreachable, $"{image.ShownRegistry} could not be reached by the engine for '{image}': {words}",
            "Check the registry's name and port, that it is running, and that the engine trusts its certificate.")
        {
            IsTransient = fault.IsTransient,
        },
    };
}

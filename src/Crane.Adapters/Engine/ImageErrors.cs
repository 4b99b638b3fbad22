using Crane.Names;

namespace Crane.Adapters.Engine;

/// <summary>The errors of an engine that moves or looks for an image.</summary>
internal static class ImageErrors
{
    private const string EngineMessage = "This is the engine's own message. See its log.";

    public static CraneException NotLocal(ImageName image, EngineEndpoint endpoint) =>
        NoSuchImage.InStore(image, endpoint.Address, "Build or pull it first.");

    public static CraneException Pull(ImageName image, RegistryFailure failure, string message) => failure.Kind switch
    {
        RegistryFailureKind.NotFound =>
            NoSuchImage.InRegistry(image, message.TrimEnd('.'), "Check the name and tag, and that the image was pushed."),
        RegistryFailureKind.Unauthorized or RegistryFailureKind.Unreachable or RegistryFailureKind.Limited =>
            Registry(image, failure, message),
        _ => new(CraneErrorId.PullFailed, $"'{image}' could not be pulled: {message}", EngineMessage),
    };

    public static CraneException Push(ImageName image, RegistryFailure failure, string message, EngineEndpoint endpoint) =>
        failure.Kind switch
        {
            RegistryFailureKind.NotLocal => NotLocal(image, endpoint),
            // containerd before its issue 8973 was solved: a pull leaves out a layer that is there unpacked.
            RegistryFailureKind.ContentMissing => new(
                CraneErrorId.PushFailed, $"'{image}' could not be pushed: {message}",
                "The engine pulled this image without the layers that it already had unpacked, and cannot push those. Copy the image "
                + "from its registry with Copy-CraneImage; or remove what uses the layers (docker image rm, docker builder prune), and "
                + "pull again."),
            RegistryFailureKind.Unauthorized or RegistryFailureKind.Unreachable or RegistryFailureKind.Limited =>
                Registry(image, failure, message),
            _ => new(CraneErrorId.PushFailed, $"'{image}' could not be pushed: {message}", EngineMessage)
            {
                IsTransient = failure.IsTransient,
            },
        };

    /// <summary>The registry refused, or the engine could not reach it.</summary>
    public static CraneException Registry(ImageName image, RegistryFailure failure, string message) => failure.Kind switch
    {
        RegistryFailureKind.Unauthorized => new(
            CraneErrorId.RegistryUnauthorized, $"{image.ShownRegistry} refused '{image}': {message}",
            $"Log in with Connect-CraneRegistry {image.Registry} or docker login {image.Registry}, or use -Credential. "
            + "If you have, check the user, the password or token, and its rights. "
            + "Some registries respond the same for an image that does not exist."),
        RegistryFailureKind.Limited => new(
            CraneErrorId.RegistryUnreachable,
            $"The registry '{image.Registry}' returned 429 Too Many Requests for '{image}': {message.TrimEnd('.')}.",
            "Try again later, or log in: registries allow more downloads to users who do."),
        _ => new(
            CraneErrorId.RegistryUnreachable, $"The engine could not reach {image.ShownRegistry} for '{image}': {message}",
            "Check the registry's name and port, that it is running, and that the engine trusts its certificate.")
        {
            IsTransient = failure.IsTransient,
        },
    };
}

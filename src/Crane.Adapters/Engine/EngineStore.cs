using System.Net;
using Crane.Adapters.Credentials;
using Crane.Moving.Engine;
using Crane.Moving.Run;
using Crane.Names;
using Crane.Oci;
using Docker.DotNet;
using Docker.DotNet.Models;

namespace Crane.Adapters.Engine;

/// <summary>
/// A container engine as a store of images. It pulls and pushes itself, from its own network and with its own trusted certificates.
/// </summary>
/// <param name="engine">The engine; disposed with the store.</param>
/// <param name="credentials">The credentials for its pulls and pushes; disposed with the store.</param>
internal sealed class EngineStore(EngineClient engine, RegistryCredentials credentials) : EngineImages(engine), IImageStore
{
    /// <summary>The engine's address.</summary>
    public string Name => Engine.Endpoint.Address;

    public async Task<RemoteImage> FindRemoteAsync(ImageName remote, CancellationToken cancellation) => await Engine.AskAsync(
        async client => Read(await client.Distribution.InspectAsync(EngineReference.Name(remote), cancellation)),
        refused => Refused(remote, refused),
        RegistryAuth.Header(await credentials.GetAsync(remote.Registry, cancellation), remote.Registry));

    public Task<Digest?> PullAsync(
        ImageName remote, ImagePlatform? platform, IProgress<TransferProgress> progress, CancellationToken cancellation)
    {
        var image = new ImagesCreateParameters
        {
            FromImage = EngineReference.Repository(remote),
            Tag = EngineReference.Selector(remote),
            Platform = platform?.ToString(),
        };
        return MoveAsync(
            remote, progress, (client, auth, messages) => client.Images.CreateImageAsync(image, auth, messages, cancellation),
            (failure, words) => ImageErrors.Pull(remote, failure, words), cancellation);
    }

    public Task<Digest?> PushAsync(ImageName remote, IProgress<TransferProgress> progress, CancellationToken cancellation)
    {
        // Without a tag the engine would push every tag of the repository.
        var tag = new ImagePushParameters { Tag = EngineReference.Tag(remote) };
        return MoveAsync(
            remote, progress,
            (client, auth, messages) => client.Images.PushImageAsync(EngineReference.Repository(remote), tag, auth, messages, cancellation),
            (failure, words) => ImageErrors.Push(remote, failure, words, Engine.Endpoint), cancellation);
    }

    public ValueTask DisposeAsync()
    {
        Engine.Dispose();
        credentials.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<Digest?> MoveAsync(
        ImageName remote,
        IProgress<TransferProgress> progress,
        Func<DockerClient, AuthConfig, IProgress<JSONMessage>, Task> move,
        Func<RegistryFailure, string, CraneException> toError,
        CancellationToken cancellation)
    {
        var auth = RegistryAuth.Of(await credentials.GetAsync(remote.Registry, cancellation), remote.Registry);
        var reader = new TransferReader(progress, Failed);
        await Engine.AskAsync<object?>(
            async client =>
            {
                await move(client, auth, reader);
                return null;
            },
            refused => throw Failed((int)refused.Status, refused.Message));

        // Podman ends a pull with the last layer.
        return reader.IsDone || Engine.IsPodman
            ? reader.Digest
            : throw toError(new RegistryFailure(RegistryFailureKind.Other), "the engine ended without reporting success.");

        CraneException Failed(int status, string words) =>
            credentials.Explain(toError(RegistryFailure.Read(status, words), words), remote.Registry);
    }

    private static RemoteImage Read(DistributionInspectResponse? found) => Digest.TryParse(found?.Descriptor?.Digest, out var digest)
        ? RemoteImage.Present(digest) with
        {
            MediaType = found.Descriptor.MediaType,
            Platforms = [.. (found.Platforms ?? []).Select(platform => platform?.ToImagePlatform()).OfType<ImagePlatform>().Distinct()],
        }
        : RemoteImage.Unknown;

    private RemoteImage Refused(ImageName remote, EngineResponse refused)
    {
        if (IsMissingEndpoint(refused))
            return RemoteImage.Unknown;
        var failure = RegistryFailure.Read((int)refused.Status, refused.Message);
        return failure.Kind switch
        {
            RegistryFailureKind.NotFound => RemoteImage.Absent,
            RegistryFailureKind.Unauthorized or RegistryFailureKind.Unreachable or RegistryFailureKind.Limited =>
                throw credentials.Explain(ImageErrors.Registry(remote, failure, refused.Message), remote.Registry),
            // The move itself will report what is wrong.
            _ => RemoteImage.Unknown,
        };
    }

    /// <summary>Podman has no such endpoint, and reports that in several ways.</summary>
    private static bool IsMissingEndpoint(EngineResponse refused) =>
        refused.Status is HttpStatusCode.MethodNotAllowed or HttpStatusCode.NotImplemented
        || (refused.Status == HttpStatusCode.NotFound && !refused.IsEngineError)
        || refused.Message.EndsWith("page not found", StringComparison.Ordinal)
        || refused.Message.EndsWith("is not supported", StringComparison.Ordinal);
}

using System.Net;
using System.Text.Json;
using Crane.Adapters.Credentials;
using Crane.Errors;
using Crane.Moving.Engine;
using Crane.Moving.Run;
using Crane.Names;
using Crane.Oci;

namespace Crane.Adapters.Docker;

/// <summary>What an engine moves between registries and itself, from its own network and with its own trust.</summary>
internal sealed class DockerTransfer(EngineApi engine, RegistryCredentials credentials) : IRegistryTransfer
{
    public async Task<RemoteImage> ResolveAsync(ImageName remote, CancellationToken cancellation)
    {
        var auth = await AuthAsync(remote, cancellation);
        var reply = await engine.SendAsync(
            HttpMethod.Get, $"/distribution/{EngineReference.Name(remote)}/json", auth, cancellation);
        if (reply.IsSuccess)
            return Read(reply);
        if (IsMissingEndpoint(reply))
            return RemoteImage.Unknown;

        var fault = RegistryFault.Read((int)reply.Status, reply.Message);
        return fault.Kind switch
        {
            RegistryFaultKind.NotFound => RemoteImage.Absent,
            RegistryFaultKind.Unauthorized or RegistryFaultKind.Unreachable or RegistryFaultKind.Limited =>
                throw credentials.Explain(ImageFaults.Registry(remote, fault, reply.Message), remote.Registry),
            // Moving the image will tell what is wrong, with all of its context.
            _ => RemoteImage.Unknown,
        };
    }

    public Task<Digest?> PullAsync(ImageName remote, IProgress<TransferProgress> progress, CancellationToken cancellation)
    {
        var query = $"fromImage={Uri.EscapeDataString(EngineReference.Repository(remote))}"
            + $"&tag={Uri.EscapeDataString(EngineReference.Selector(remote))}";
        return MoveAsync(
            remote, $"/images/create?{query}", progress, (fault, words) => ImageFaults.Pull(remote, fault, words), cancellation);
    }

    public Task<Digest?> PushAsync(ImageName remote, IProgress<TransferProgress> progress, CancellationToken cancellation) =>
        // Without a tag the engine would push every tag of the repository.
        MoveAsync(
            remote, $"/images/{EngineReference.Repository(remote)}/push?tag={EngineReference.Tag(remote)}", progress,
            (fault, words) => ImageFaults.Push(remote, fault, words, engine.Endpoint), cancellation);

    private async Task<Digest?> MoveAsync(
        ImageName remote,
        string path,
        IProgress<TransferProgress> progress,
        Func<RegistryFault, string, CraneException> toError,
        CancellationToken cancellation)
    {
        var reader = new TransferReader(progress);
        var auth = await AuthAsync(remote, cancellation);
        await foreach (var message in engine.StreamAsync(new(HttpMethod.Post, path) { RegistryAuth = auth }, cancellation))
        {
            if (message.Failed is { } words)
                throw credentials.Explain(toError(RegistryFault.Read(message.ErrorDetail?.Code ?? 0, words), words), remote.Registry);
            reader.Take(message);
        }

        // Podman ends a pull with the last layer.
        return reader.IsDone || engine.IsPodman
            ? reader.Digest
            : throw toError(new RegistryFault(RegistryFaultKind.Other), "the engine ended without saying that it has done it.");
    }

    private async Task<string> AuthAsync(ImageName image, CancellationToken cancellation) =>
        RegistryAuth.Header(await credentials.GetAsync(image.Registry, cancellation), image.Registry);

    private static RemoteImage Read(EngineReply reply)
    {
        try
        {
            var found = JsonSerializer.Deserialize(reply.Body, DockerJson.Default.EngineDistribution);
            return Digest.TryParse(found?.Descriptor?.Digest, out var digest)
                ? RemoteImage.Present(digest) with
                {
                    MediaType = found.Descriptor.MediaType,
                    Platforms = [.. (found.Platforms ?? []).Select(platform => platform?.ToPlatform()).OfType<ImagePlatform>().Distinct()],
                }
                : RemoteImage.Unknown;
        }
        catch (Exception fault) when (JsonFaults.IsUnreadable(fault))
        {
            return RemoteImage.Unknown;
        }
    }

    /// <summary>Podman has no such endpoint, and says so in several ways.</summary>
    private static bool IsMissingEndpoint(EngineReply reply) =>
        reply.Status is HttpStatusCode.MethodNotAllowed or HttpStatusCode.NotImplemented
        || (reply.Status == HttpStatusCode.NotFound && !reply.IsEngineError)
        || reply.Message.EndsWith("page not found", StringComparison.Ordinal)
        || reply.Message.EndsWith("is not supported", StringComparison.Ordinal);
}

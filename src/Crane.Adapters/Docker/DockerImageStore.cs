using Crane.Adapters.Credentials;
using Crane.Moving.Engine;
using Crane.Moving.Run;
using Crane.Names;

namespace Crane.Adapters.Docker;

/// <summary>A container engine with docker's API as a store of images.</summary>
internal sealed class DockerImageStore(EngineApi engine, RegistryCredentials credentials) : IImageStore
{
    private readonly DockerLocalImages _images = new(engine);
    private readonly DockerTransfer _transfer = new(engine, credentials);

    /// <summary>The engine's address.</summary>
    public string Name => engine.Endpoint.Address;

    public Task<LocalImage?> FindAsync(ImageName image, CancellationToken cancellation) => _images.FindAsync(image, cancellation);

    public Task TagAsync(ImageName source, ImageName target, CancellationToken cancellation) =>
        _images.TagAsync(source, target, cancellation);

    public Task TagAsync(LocalImage image, ImageName target, CancellationToken cancellation) =>
        _images.TagAsync(image, target, cancellation);

    public Task UntagAsync(ImageName image, CancellationToken cancellation) => _images.UntagAsync(image, cancellation);

    public Task<RemoteImage> ResolveAsync(ImageName remote, CancellationToken cancellation) =>
        _transfer.ResolveAsync(remote, cancellation);

    public Task<Digest?> PullAsync(ImageName remote, IProgress<TransferProgress> progress, CancellationToken cancellation) =>
        _transfer.PullAsync(remote, progress, cancellation);

    public Task<Digest?> PushAsync(ImageName remote, IProgress<TransferProgress> progress, CancellationToken cancellation) =>
        _transfer.PushAsync(remote, progress, cancellation);

    public ValueTask DisposeAsync()
    {
        engine.Dispose();
        credentials.Dispose();
        return ValueTask.CompletedTask;
    }
}

namespace Crane.Moving.Engine;

/// <summary>A local store that can move images from and to registries: a container engine, or a layout folder.</summary>
internal interface IImageStore : ILocalImages, IRegistryTransfer, IAsyncDisposable
{
    /// <summary>How the store is called in results and messages, such as <c>unix:///var/run/docker.sock</c>.</summary>
    string Name { get; }
}

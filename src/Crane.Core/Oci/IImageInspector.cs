namespace Crane.Oci;

/// <summary>Inspects images in registries or in a local store.</summary>
internal interface IImageInspector : IAsyncDisposable
{
    /// <param name="platform">Chooses an image of an index; null for the index itself.</param>
    /// <param name="remote">Its name in a registry, for choosing one of several digests that an engine may know; null for any.</param>
    /// <exception cref="CraneException">ImageNotFound, LocalImageNotFound, InvalidValue for a platform, and as for reading.</exception>
    Task<CraneImage> InspectAsync(ImageName image, ImagePlatform? platform, ImageName? remote, CancellationToken cancellation);
}

/// <summary>Lists tags of repositories in registries or in a local store.</summary>
internal interface ITagReader : IAsyncDisposable
{
    /// <summary>The tags of a repository, in the order of its registry as they arrive, or of a local store by name.</summary>
    /// <exception cref="CraneException">
    /// ImageNotFound, RegistryUnauthorized, RegistryUnreachable, PullFailed; in a local store LocalImageNotFound, EngineUnreachable.
    /// </exception>
    IAsyncEnumerable<string> TagsAsync(ImageName repository, CancellationToken cancellation);
}

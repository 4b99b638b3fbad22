namespace Crane.Oci;

/// <summary>Shows images, wherever they are.</summary>
internal interface IImageInspector : IAsyncDisposable
{
    /// <summary>Shows an image.</summary>
    /// <param name="image">Its name.</param>
    /// <param name="platform">Which image of an index; null for the index itself.</param>
    /// <param name="remote">
    /// Its name in a registry. An engine may know an image by several digests; that of this repository is shown then. Null for any.
    /// </param>
    /// <param name="cancellation">Ends the work.</param>
    /// <exception cref="CraneException">
    /// ImageNotFound, LocalImageNotFound, InvalidValue for a platform that an engine cannot choose, and what reading throws.
    /// </exception>
    Task<CraneImage> InspectAsync(ImageName image, ImagePlatform? platform, ImageName? remote, CancellationToken cancellation);
}

/// <summary>Reads which tags repositories have, in registries or in a local store.</summary>
internal interface ITagReader : IAsyncDisposable
{
    /// <summary>The tags of a repository: as its registry orders them, as they come in; in a local store by name.</summary>
    /// <exception cref="CraneException">
    /// ImageNotFound, RegistryUnauthorized, RegistryUnreachable, PullFailed; in a local store LocalImageNotFound, EngineUnreachable.
    /// </exception>
    IAsyncEnumerable<string> TagsAsync(ImageName repository, CancellationToken cancellation);
}

namespace Crane.Oci;

/// <summary>Reads which tags repositories have, in registries or in a local store.</summary>
internal interface ITagReader : IAsyncDisposable
{
    /// <summary>The tags of a repository: as its registry orders them, as they come in; in a local store by name.</summary>
    /// <exception cref="CraneException">
    /// ImageNotFound, RegistryUnauthorized, RegistryUnreachable, PullFailed; in a local store LocalImageNotFound, EngineUnreachable.
    /// </exception>
    IAsyncEnumerable<string> TagsAsync(ImageName repository, CancellationToken cancellation);
}

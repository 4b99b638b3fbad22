namespace Crane.Inspecting;

/// <summary>Reads which tags repositories have.</summary>
internal interface ITagReader : IAsyncDisposable
{
    /// <summary>The tags of a repository, as its registry orders them, as they come in.</summary>
    /// <exception cref="CraneException">ImageNotFound, RegistryUnauthorized, RegistryUnreachable, PullFailed.</exception>
    IAsyncEnumerable<string> TagsAsync(ImageName repository, CancellationToken cancellation);
}

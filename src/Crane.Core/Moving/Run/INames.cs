namespace Crane.Moving.Run;

/// <summary>The names of a store: an engine, a folder, or registries.</summary>
internal interface INames
{
    /// <summary>The store in messages, and in the journal of interrupted runs.</summary>
    string Store { get; }

    /// <summary>The id or digest that a name refers to; null if there is no such name.</summary>
    /// <exception cref="CraneException">EngineUnreachable, RegistryUnauthorized, RegistryUnreachable, PushFailed.</exception>
    Task<string?> FindAsync(ImageName name, CancellationToken cancellation);

    /// <summary>Makes names refer to other images, or removes them: in a folder all at once, elsewhere one after the other.</summary>
    /// <exception cref="CraneException">
    /// As above; ImageNotFound, LocalImageNotFound if there is no such image; TagFailed, PushFailed, PullFailed if the store refuses.
    /// </exception>
    Task SetAsync(IReadOnlyList<NamedImage> names, CancellationToken cancellation);
}

/// <summary>The names of a store over a connection that is closed with them.</summary>
internal interface IOpenNames : INames, IAsyncDisposable;

/// <summary>A name and the id or digest of its image; null for no image.</summary>
internal readonly record struct NamedImage(ImageName Name, string? Id);

/// <summary>A change of a name from one image to another; null for no image.</summary>
internal sealed record NameChange(ImageName Name, string? Before, string? After)
{
    public NamedImage Old => new(Name, Before);

    public NamedImage New => new(Name, After);
}

/// <summary>An image that has arrived, without its name.</summary>
/// <param name="End">How its plan ends when the image has its name.</param>
/// <param name="Names">The changes of names that are still to be made; none if it is up to date.</param>
internal sealed record StagedImage(PlanEnd End, IReadOnlyList<NameChange> Names)
{
    /// <summary>The image for gates: its repository with its digest; null if it has none.</summary>
    public ImageName? Image { get; init; }

    /// <summary>Its platforms, as far as they are known.</summary>
    public IReadOnlyList<Oci.ImagePlatform> Platforms { get; init; } = [];

    /// <summary>Runs after the names were changed.</summary>
    public Func<CancellationToken, Task> NamedAsync { get; init; } = _ => Task.CompletedTask;

    /// <summary>Runs last, whether the names were changed or not: removes what only kept the content. Does not throw.</summary>
    public Func<Task> ReleaseAsync { get; init; } = () => Task.CompletedTask;
}

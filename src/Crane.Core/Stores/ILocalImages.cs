namespace Crane.Stores;

/// <summary>The images of a local store and their names.</summary>
internal interface ILocalImages
{
    /// <summary>The image of that name; null where there is none.</summary>
    Task<LocalImage?> FindAsync(ImageName image, CancellationToken cancellation);

    /// <summary>Gives the image <paramref name="source"/> the further name <paramref name="target"/>, atomically.</summary>
    /// <exception cref="CraneException">LocalImageNotFound, TagFailed, EngineUnreachable.</exception>
    Task TagAsync(ImageName source, ImageName target, CancellationToken cancellation);

    /// <summary>Takes a name away; the image stays where it has another name. No error where there was no such name.</summary>
    /// <exception cref="CraneException">TagFailed, EngineUnreachable.</exception>
    Task UntagAsync(ImageName image, CancellationToken cancellation);
}

/// <summary>An image in a local store.</summary>
/// <param name="Id">The store's id of it: equal ids are equal images within one store, and nothing more.</param>
/// <param name="Digests">
/// Every digest under which a registry may know this very image: those it was pulled or pushed with, and for a
/// store that keeps manifests those of its index and of its platforms.
/// </param>
/// <param name="Layers">Uncompressed layer digests (diff ids), base first.</param>
internal sealed record LocalImage(string Id, IReadOnlySet<Digest> Digests, IReadOnlyList<string> Layers)
{
    /// <summary>Its label about what it was built from, as it is; null where it has none.</summary>
    public string? InputLabel { get; init; }

    /// <summary>
    /// The hash of its layers and of how it is run, that label excepted: equal for the same image in every store.
    /// </summary>
    public string ContentHash { get; init; } = "";
}

using Crane.Comparing;
using Crane.Moving.Content;
using Crane.Moving.Engine;
using Crane.Moving.Run;
using Crane.Names;
using Crane.Oci;

namespace Crane.Moving.Undo;

/// <summary>Where the names of results are.</summary>
/// <param name="Local">The engine or folder; null for copies.</param>
/// <param name="Registries">All registries.</param>
internal sealed record UndoStores(LocalNames? Local, IOpenNames Registries) : IAsyncDisposable
{
    public async ValueTask DisposeAsync()
    {
        await Registries.DisposeAsync();
        if (Local is not null)
            await Local.DisposeAsync();
    }
}

/// <summary>The images of a local store and their names.</summary>
internal abstract class LocalNames : IAsyncDisposable
{
    /// <summary>The names by the ids of images: the engine's own, or digests in a folder.</summary>
    public abstract IOpenNames Names { get; }

    /// <summary>The image of that name, or in the name's repository with its digest; null if there is none.</summary>
    public abstract Task<LocalImage?> FindAsync(ImageName name, CancellationToken cancellation);

    /// <summary>Whether an image of that name has another one.</summary>
    public abstract Task<bool> HasOtherNameAsync(LocalImage image, ImageName name, CancellationToken cancellation);

    public ValueTask DisposeAsync() => Names.DisposeAsync();
}

/// <summary>Those of an engine.</summary>
internal sealed class EngineLocalNames(IImageStore engine) : LocalNames
{
    public override IOpenNames Names { get; } = new EngineNames(engine);

    public override Task<LocalImage?> FindAsync(ImageName name, CancellationToken cancellation) => engine.FindAsync(name, cancellation);

    public override Task<bool> HasOtherNameAsync(LocalImage image, ImageName name, CancellationToken cancellation) =>
        Task.FromResult(image.Names.Any(other => other != name));
}

/// <summary>Those of a folder.</summary>
internal sealed class FolderLocalNames(IContentStore folder) : LocalNames
{
    public override IOpenNames Names { get; } = new ContentNames(folder);

    public override async Task<LocalImage?> FindAsync(ImageName name, CancellationToken cancellation) =>
        await folder.CurrentAsync(name, cancellation) is { Digest: var digest }
            ? new LocalImage(digest.ToString(), new HashSet<Digest> { digest }, []) : null;

    public override async Task<bool> HasOtherNameAsync(LocalImage image, ImageName name, CancellationToken cancellation) =>
        (await folder.LastNamedAsync(name, new HashSet<ImageName> { name }, cancellation)).All(last => last.Digest.ToString() != image.Id);
}

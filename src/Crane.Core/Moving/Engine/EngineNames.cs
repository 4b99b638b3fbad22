using Crane.Comparing;
using Crane.Moving.Run;
using Crane.Names;

namespace Crane.Moving.Engine;

/// <summary>The names of a container engine.</summary>
/// <param name="store">The engine; disposed with this.</param>
internal sealed class EngineNames(IImageStore store) : IOpenNames
{
    public string Store => store.Name;

    public async Task<string?> FindAsync(ImageName name, CancellationToken cancellation) => (await store.FindAsync(name, cancellation))?.Id;

    public async Task SetAsync(IReadOnlyList<NamedImage> names, CancellationToken cancellation)
    {
        foreach (var (name, id) in names)
        {
            if (id is null)
                await store.UntagAsync(name, cancellation);
            else
                await store.TagAsync(new LocalImage(id, new HashSet<Digest>(), []), name, cancellation);
        }
    }

    public ValueTask DisposeAsync() => store.DisposeAsync();
}

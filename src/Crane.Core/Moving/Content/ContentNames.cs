using Crane.Moving.Run;
using Crane.Names;
using Crane.Oci;

namespace Crane.Moving.Content;

/// <summary>The names of a folder or of registries.</summary>
/// <param name="store">The store; disposed with this.</param>
internal sealed class ContentNames(IContentStore store) : IOpenNames
{
    public string Store => store.Name;

    public async Task<string?> FindAsync(ImageName name, CancellationToken cancellation) =>
        (await store.CurrentAsync(name, cancellation))?.Digest.ToString();

    public Task SetAsync(IReadOnlyList<NamedImage> names, CancellationToken cancellation) =>
        store.SetNamesAsync(
            [.. names.Select(name => (name.Name, Digest.TryParse(name.Id, out var digest) ? digest : null))], cancellation);

    public ValueTask DisposeAsync() => store.DisposeAsync();
}

using Crane.Oci;

namespace Crane.Comparing;

/// <summary>The images of a layout folder, as an engine on this machine would have them.</summary>
/// <param name="layout">The folder; disposed with this.</param>
internal sealed class LayoutImages(IContentStore layout) : ILocalStore
{
    public string Name => layout.Name;

    public IContentStore Content => layout;

    /// <inheritdoc/>
    /// <remarks>A folder does not list the names of an image, nor where it comes from.</remarks>
    public async Task<LocalImage?> FindAsync(ImageName image, CancellationToken cancellation)
    {
        if (await layout.ResolveAsync(image, cancellation) is not { } found)
            return null;
        var root = await layout.ReadManifestAsync(image, found, cancellation);
        var facts = await RemoteImageReader.ReadAsync(layout, image, found, ImagePlatform.OfThisMachine, cancellation);
        var digests = root.Manifests.Select(child => child.Digest).Prepend(found.Digest).ToHashSet();
        return new LocalImage(found.Digest.ToString(), digests, facts.DiffIds ?? [])
        {
            Created = facts.Created,
            InputLabel = facts.InputLabel,
            ContentHash = facts.ContentHash,
            Platforms = [.. root.Manifests.Select(child => child.RunsOn).Append(facts.Platform).OfType<ImagePlatform>().Distinct()],
            PushDigest = found.Digest,
        };
    }

    public ValueTask DisposeAsync() => layout.DisposeAsync();
}

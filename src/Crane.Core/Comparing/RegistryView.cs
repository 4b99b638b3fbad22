using System.Collections.Concurrent;
using Crane.Names;
using Crane.Oci;

namespace Crane.Comparing;

/// <summary>
/// The registries in one run: one HEAD for each name, and more only for images whose digest does not tell enough. A registry that cannot
/// be reached is not tried for other images.
/// </summary>
internal sealed class RegistryView(IContentSource registries, CancellationToken cancellation)
{
    private readonly ConcurrentDictionary<ImageName, Lazy<Task<Descriptor?>>> _heads = new();
    private readonly ConcurrentDictionary<(ImageName, Digest, ImagePlatform), Lazy<Task<RemoteImageFacts>>> _facts = new();
    private readonly ConcurrentDictionary<string, CraneException> _unreachable = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The digest of the name; null if the registry has no such image. A digest in the name needs no request.</summary>
    /// <exception cref="CraneException">RegistryUnauthorized, RegistryUnreachable, PullFailed.</exception>
    public async Task<Digest?> DigestAsync(ImageName image) => image.ContentDigest ?? (await HeadAsync(image))?.Digest;

    /// <summary>Whether the registry has the image of that tag or digest.</summary>
    /// <exception cref="CraneException">As above.</exception>
    public async Task<bool> HasAsync(ImageName image) => await HeadAsync(image) is not null;

    /// <summary>What the registry has under the name.</summary>
    /// <exception cref="CraneException">As above; ImageNotFound, DigestMismatch.</exception>
    public async Task<RemoteImageFacts?> FactsAsync(ImageName image, ImagePlatform platform) => await HeadAsync(image) is not { } found
        ? null
        : await _facts.GetOrAdd((image, found.Digest, platform), _ => new Lazy<Task<RemoteImageFacts>>(
            () => RemoteImageReader.ReadAsync(registries, image, found, platform, cancellation))).Value;

    private Task<Descriptor?> HeadAsync(ImageName image) =>
        _heads.GetOrAdd(image, name => new Lazy<Task<Descriptor?>>(() => ResolveAsync(name))).Value;

    private async Task<Descriptor?> ResolveAsync(ImageName image)
    {
        if (_unreachable.TryGetValue(image.Registry, out var before))
            throw before;
        try
        {
            return await registries.ResolveAsync(image, cancellation);
        }
        catch (CraneException error) when (error.Id == CraneErrorId.RegistryUnreachable)
        {
            _unreachable.TryAdd(image.Registry, error);
            throw;
        }
    }
}

using System.Text.Json.Nodes;

namespace Crane.Testing.Storage;

/// <summary>The manifests of each repository, their tags, and what refers to what.</summary>
internal sealed class Manifests(RegistryFolder folder)
{
    public bool Has(string repository, ContentDigest digest) => File.Exists(folder.Manifest(repository, digest));

    /// <summary>A manifest's bytes and media type as they were put; null if the repository does not have it.</summary>
    public async Task<(byte[] Content, string MediaType)?> FindAsync(
        string repository, ContentDigest digest, CancellationToken cancellation) =>
        Has(repository, digest)
            ? (await File.ReadAllBytesAsync(folder.Content(digest), cancellation),
                await File.ReadAllTextAsync(folder.Manifest(repository, digest), cancellation))
            : null;

    public async Task PutAsync(
        string repository, ContentDigest digest, byte[] content, string mediaType, CancellationToken cancellation)
    {
        await folder.WriteAsync(folder.Content(digest), content, cancellation);
        await folder.WriteAsync(folder.Manifest(repository, digest), mediaType, cancellation);
    }

    /// <summary>Removes a manifest with its tags; false if it was not there.</summary>
    public async Task<bool> RemoveAsync(string repository, ContentDigest digest, CancellationToken cancellation)
    {
        if (!Has(repository, digest))
            return false;
        File.Delete(folder.Manifest(repository, digest));
        foreach (var tag in Tags(repository))
        {
            if (await FindTagAsync(repository, tag, cancellation) == digest)
                RemoveTag(repository, tag);
        }
        return true;
    }

    /// <summary>Removes a manifest that has no tag.</summary>
    public async Task CollectAsync(string repository, ContentDigest digest, CancellationToken cancellation)
    {
        foreach (var tag in Tags(repository))
        {
            if (await FindTagAsync(repository, tag, cancellation) == digest)
                return;
        }
        await RemoveAsync(repository, digest, cancellation);
    }

    public Task TagAsync(string repository, string tag, ContentDigest digest, CancellationToken cancellation) =>
        folder.WriteAsync(folder.Tag(repository, tag), digest.ToString(), cancellation);

    /// <summary>The digest of a tag; null if there is no such tag.</summary>
    public async Task<ContentDigest?> FindTagAsync(string repository, string tag, CancellationToken cancellation) =>
        File.Exists(folder.Tag(repository, tag))
            ? ContentDigest.Parse(await File.ReadAllTextAsync(folder.Tag(repository, tag), cancellation)) : null;

    /// <summary>Removes a tag; false if it was not there.</summary>
    public bool RemoveTag(string repository, string tag)
    {
        var isThere = File.Exists(folder.Tag(repository, tag));
        if (isThere)
            File.Delete(folder.Tag(repository, tag));
        return isThere;
    }

    public IReadOnlyList<string> Tags(string repository) => FileNames(folder.Tags(repository));

    public Task ReferAsync(
        string repository, ContentDigest subject, ContentDigest manifest, JsonObject descriptor, CancellationToken cancellation) =>
        folder.WriteAsync(folder.Referrer(repository, subject, manifest), descriptor.ToJsonString(), cancellation);

    /// <summary>The descriptors of the manifests that refer to a subject, which need not be there itself.</summary>
    public async Task<IReadOnlyList<JsonObject>> ReferrersAsync(
        string repository, ContentDigest subject, CancellationToken cancellation)
    {
        var found = new List<JsonObject>();
        foreach (var name in FileNames(folder.Referrers(repository, subject)))
        {
            var path = Path.Combine(folder.Referrers(repository, subject), name);
            var descriptor = JsonNode.Parse(await File.ReadAllTextAsync(path, cancellation))!.AsObject();
            if (Has(repository, ContentDigest.Parse((string?)descriptor["digest"])!.Value))
                found.Add(descriptor);
        }
        return found;
    }

    private static IReadOnlyList<string> FileNames(string path) => Directory.Exists(path)
        ? [.. Directory.EnumerateFiles(path).Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal)] : [];
}

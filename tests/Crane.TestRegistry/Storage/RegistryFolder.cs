using System.Text;

namespace Crane.Testing.Storage;

/// <summary>
/// Where a registry keeps what it has: content once, under its digest; in each repository, small files that say which
/// content is there. A component of a repository's name cannot begin with an underscore, so these are no repositories.
/// </summary>
internal sealed class RegistryFolder(string root)
{
    public string Content(ContentDigest digest) => Path.Combine(root, "blobs", digest.Algorithm, digest.Hex);

    /// <summary>An empty file: the repository has that blob.</summary>
    public string Blob(string repository, ContentDigest digest) => In(repository, "_blobs", Name(digest));

    /// <summary>A file with the media type of that manifest.</summary>
    public string Manifest(string repository, ContentDigest digest) => In(repository, "_manifests", Name(digest));

    /// <summary>The folder of tags; the name of a file is a tag, its content the digest.</summary>
    public string Tags(string repository) => In(repository, "_tags");

    public string Tag(string repository, string tag) => Path.Combine(Tags(repository), tag);

    /// <summary>The folder of what refers to a subject: descriptors, under the digests of the manifests.</summary>
    public string Referrers(string repository, ContentDigest subject) => In(repository, "_referrers", Name(subject));

    public string Referrer(string repository, ContentDigest subject, ContentDigest manifest) =>
        Path.Combine(Referrers(repository, subject), Name(manifest));

    public string Upload(string id) => Path.Combine(root, "uploads", id);

    /// <summary>The repositories that have a manifest, in no particular order.</summary>
    public IEnumerable<string> Repositories()
    {
        var repositories = Path.Combine(root, "repositories");
        return Directory.Exists(repositories)
            ? Directory.EnumerateDirectories(repositories, "_manifests", SearchOption.AllDirectories)
                .Where(folder => Directory.EnumerateFiles(folder).Any())
                .Select(folder => Path.GetRelativePath(repositories, Path.GetDirectoryName(folder)!).Replace('\\', '/'))
            : [];
    }

    /// <summary>Writes a file as a whole or not at all, with the folders above it.</summary>
    public Task WriteAsync(string path, string content, CancellationToken cancellation) =>
        WriteAsync(path, Encoding.UTF8.GetBytes(content), cancellation);

    /// <inheritdoc cref="WriteAsync(string, string, CancellationToken)"/>
    public async Task WriteAsync(string path, byte[] content, CancellationToken cancellation)
    {
        // Not beside it: a folder of tags has nothing but tags.
        var partial = Upload(Path.GetRandomFileName());
        Directory.CreateDirectory(Path.GetDirectoryName(partial)!);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllBytesAsync(partial, content, cancellation);
        File.Move(partial, path, overwrite: true);
    }

    private static string Name(ContentDigest digest) => $"{digest.Algorithm}-{digest.Hex}";

    private string In(string repository, params string[] names) => Path.Combine([root, "repositories", repository, .. names]);
}

namespace Crane.Testing.Storage;

/// <summary>The blobs of each repository; equal content is kept once.</summary>
internal sealed class Blobs(RegistryFolder folder)
{
    /// <summary>The file of a blob; null if the repository does not have it.</summary>
    public FileInfo? Find(string repository, ContentDigest digest) =>
        File.Exists(folder.Blob(repository, digest)) && new FileInfo(folder.Content(digest)) is { Exists: true } file ? file : null;

    /// <summary>Makes a blob of a repository one of another, too; false if the first does not have it.</summary>
    public async Task<bool> MountAsync(string from, string to, ContentDigest digest, CancellationToken cancellation)
    {
        if (Find(from, digest) is null)
            return false;
        await folder.WriteAsync(folder.Blob(to, digest), [], cancellation);
        return true;
    }

    /// <summary>Takes a file for a blob, if it has that digest; false if it has another. The file is gone in either case.</summary>
    public async Task<bool> TakeAsync(string repository, ContentDigest digest, string path, CancellationToken cancellation)
    {
        await using (var content = File.OpenRead(path))
        {
            if (!await digest.MatchesAsync(content, cancellation))
            {
                File.Delete(path);
                return false;
            }
        }
        Directory.CreateDirectory(Path.GetDirectoryName(folder.Content(digest))!);
        File.Move(path, folder.Content(digest), overwrite: true);
        await folder.WriteAsync(folder.Blob(repository, digest), [], cancellation);
        return true;
    }

    /// <summary>Removes a blob from a repository; false if it was not there.</summary>
    public bool Remove(string repository, ContentDigest digest)
    {
        var isThere = Find(repository, digest) is not null;
        File.Delete(folder.Blob(repository, digest));
        return isThere;
    }
}

using System.Collections.Concurrent;

namespace Crane.Testing.Storage;

/// <summary>The uploads that have begun and not ended; a restarted registry has lost them.</summary>
internal sealed class Uploads(RegistryFolder folder)
{
    private readonly ConcurrentDictionary<string, Upload> _uploads = new();

    public Upload Begin(string repository)
    {
        var id = Guid.NewGuid().ToString();
        var path = folder.Upload(id);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.Create(path).Dispose();
        return _uploads[id] = new Upload(id, repository, path);
    }

    public Upload? Find(string repository, string id) =>
        _uploads.TryGetValue(id, out var upload) && upload.Repository == repository ? upload : null;

    /// <summary>Forgets an upload, and what has arrived of it.</summary>
    public void End(Upload upload)
    {
        _uploads.TryRemove(upload.Id, out _);
        File.Delete(upload.Path);
    }
}

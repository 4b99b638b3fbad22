namespace Crane.Testing.Storage;

/// <summary>One upload: a file that grows by each chunk. What arrived of a chunk that broke off is kept.</summary>
internal sealed class Upload(string id, string repository, string path)
{
    private readonly SemaphoreSlim _turn = new(1);

    public string Id => id;

    public string Repository => repository;

    public string Path => path;

    public long Length => new FileInfo(path).Length;

    /// <summary>
    /// Waits until no other request has this upload; disposing of what it gives lets the next one in. So a client that
    /// asks how far it got learns what is final, even if the request that broke off has not quite ended here.
    /// </summary>
    public async Task<IDisposable> EnterAsync(CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        return new Turn(_turn);
    }

    /// <summary>Appends a chunk, or as much of it as arrives: no cancellation, so that nothing that did is lost.</summary>
    public async Task AppendAsync(Stream content)
    {
        await using var file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0, useAsync: true);
        await content.CopyToAsync(file, CancellationToken.None);
    }

    private sealed class Turn(SemaphoreSlim turn) : IDisposable
    {
        public void Dispose() => turn.Release();
    }
}

using Crane.Adapters.Machine;

namespace Crane.Adapters.Building.Buildx;

/// <summary>
/// The folder of one run of Buildx, private to this user: in the folder of the user's session, else in the system's folder of
/// temporary files. It is removed with the run, or, where that was killed, by the next run.
/// </summary>
internal sealed class RunFolder : IAsyncDisposable
{
    private const string Prefix = "crane-buildx-";
    private const string LockName = "lock";

    private readonly IAsyncDisposable? _lock;
    private readonly ProcessEnd _end;

    private RunFolder(string path, IAsyncDisposable? held) => (Path, _lock, _end) = (path, held, new ProcessEnd(() => Remove(path)));

    public string Path { get; }

    /// <exception cref="CraneException">BuildFailed where that cannot be done.</exception>
    public static async Task<RunFolder> CreateAsync(DockerEnvironment environment, CancellationToken cancellation)
    {
        var parent = environment.Get("XDG_RUNTIME_DIR") is { } own && Directory.Exists(own) ? own : System.IO.Path.GetTempPath();
        var path = System.IO.Path.Combine(parent, $"{Prefix}{Guid.NewGuid():n}");
        try
        {
            WholeFile.CreateFolder(path);
            var folder = new RunFolder(path, await LockAsync(path, cancellation));
            RemoveLeft(parent, path);
            return folder;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw BuildxErrors.NoFolder(path, exception);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _end.Dispose();
        if (_lock is not null)
            await _lock.DisposeAsync();
        Remove(Path);
    }

    // Where files cannot be locked, the folder of a killed run stays: it looks like that of a running one.
    private static async Task<IAsyncDisposable?> LockAsync(string path, CancellationToken cancellation)
    {
        try
        {
            return await FileLock.TakeAsync(System.IO.Path.Combine(path, LockName), TimeSpan.FromMinutes(1), cancellation);
        }
        catch (FileRefusedException)
        {
            return null;
        }
    }

    private static void RemoveLeft(string parent, string mine)
    {
        foreach (var folder in Directory.EnumerateDirectories(parent, $"{Prefix}*").Where(folder => IsLeft(folder, mine)))
            Remove(folder);
    }

    // All users share the folder of temporary files; folders of other users are left alone.
    private static bool IsLeft(string folder, string mine)
    {
        try
        {
            return (OperatingSystem.IsWindows() || FileOwner.Of(folder).User == FileOwner.Of(mine).User)
                && FileLock.IsLeft(System.IO.Path.Combine(folder, LockName));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static void Remove(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Another process removes it at the same time, or has a file in it open: the next run tries again.
        }
    }
}

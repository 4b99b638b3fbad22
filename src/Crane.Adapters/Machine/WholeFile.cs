namespace Crane.Adapters.Machine;

/// <summary>Writes files that are complete or unchanged, also after a power failure.</summary>
internal static class WholeFile
{
    private const int MaxTries = 100;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>The path of a file with a symbolic link resolved; the file need not exist.</summary>
    /// <exception cref="IOException">Links form a cycle.</exception>
    public static string Target(string path) =>
        new FileInfo(path).LinkTarget is null ? path : File.ResolveLinkTarget(path, returnFinalTarget: true)!.FullName;

    /// <summary>
    /// Replaces a file in one step. An existing one keeps its owner, group and permissions.
    /// </summary>
    /// <param name="isPrivate">Whether a new file is private to this user.</param>
    /// <exception cref="IOException">That cannot be done; or UnauthorizedAccessException.</exception>
    public static void Write(string path, byte[] content, bool isPrivate = true)
    {
        var temporary = $"{path}.{Guid.NewGuid():n}.tmp";
        Create(temporary, content, isPrivate);
        try
        {
            if (!File.Exists(path) || FileOwner.TryCopy(path, temporary))
                File.Move(temporary, path, overwrite: true);
            else
                // Only root can change the owner; a file written in place keeps it.
                Write(path, content, new FileStreamOptions { Mode = FileMode.Truncate, Access = FileAccess.Write, Share = FileShare.None });
        }
        finally
        {
            // Gone already, unless something went wrong.
            File.Delete(temporary);
        }
    }

    /// <summary>Creates a file whose bytes are on the disk before it can be renamed.</summary>
    /// <exception cref="IOException">That cannot be done, and the file does not exist; or UnauthorizedAccessException.</exception>
    public static void Create(string path, ReadOnlySpan<byte> content, bool isPrivate = false)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None };
        if (isPrivate && !OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnerOnly;
        try
        {
            Write(path, content, options);
        }
        catch (IOException)
        {
            // Where the disk is full, half a file takes space from others.
            File.Delete(path);
            throw;
        }
    }

    /// <summary>
    /// Gives a finished file its name, and replaces a file of that name. Windows refuses that while another process reads it, which
    /// will not take long.
    /// </summary>
    /// <exception cref="IOException">That cannot be done; or UnauthorizedAccessException.</exception>
    public static async Task MoveAsync(string from, string to, CancellationToken cancellation)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                File.Move(from, to, overwrite: true);
                return;
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException
                && OperatingSystem.IsWindows() && File.Exists(to) && tries < MaxTries)
            {
                await Task.Delay(Pause, cancellation);
            }
        }
    }

    /// <summary>Creates a folder that only this user can read, unless it exists.</summary>
    /// <exception cref="IOException">That cannot be done; or UnauthorizedAccessException.</exception>
    public static void CreateFolder(string path)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(path);
        else
            Directory.CreateDirectory(path, OwnerOnly | UnixFileMode.UserExecute);
    }

    private static void Write(string path, ReadOnlySpan<byte> content, FileStreamOptions options)
    {
        using var file = new FileStream(path, options);
        file.Write(content);
        file.Flush(flushToDisk: true);
    }
}

namespace Crane.Adapters.Machine;

/// <summary>Files that are there whole or as they were before, also after the machine's power has failed.</summary>
internal static class WholeFile
{
    private const int MostTries = 100;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Where a file is, whether or not it exists: that to which a symbolic link leads.</summary>
    /// <exception cref="IOException">Links form a cycle.</exception>
    public static string Target(string path) =>
        new FileInfo(path).LinkTarget is null ? path : File.ResolveLinkTarget(path, returnFinalTarget: true)!.FullName;

    /// <summary>
    /// Writes a file in one step. One that exists keeps its owner, group and permissions; a new one is this user's alone.
    /// </summary>
    /// <exception cref="IOException">Where that cannot be done; UnauthorizedAccessException likewise.</exception>
    public static void Write(string path, byte[] content)
    {
        var temporary = $"{path}.{Guid.NewGuid():n}.tmp";
        Create(temporary, content, isPrivate: true);
        try
        {
            if (!File.Exists(path) || FileOwner.TryCopy(path, temporary))
                File.Move(temporary, path, overwrite: true);
            else
                // Only root can give a file to somebody else; what is written in place stays his.
                Write(path, content, new() { Mode = FileMode.Truncate, Access = FileAccess.Write, Share = FileShare.None });
        }
        finally
        {
            // Gone already, but where something went wrong.
            File.Delete(temporary);
        }
    }

    /// <summary>Makes a new file, whose bytes are on the disk before anything gives it another name.</summary>
    /// <exception cref="IOException">Where that cannot be done, and then it is not there; UnauthorizedAccessException likewise.</exception>
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
            // Where the disk is full, half a file is in the way of others.
            File.Delete(path);
            throw;
        }
    }

    /// <summary>
    /// Gives a finished file its name; a file of that name is replaced. Windows refuses that as long as someone reads it, who
    /// will be done soon.
    /// </summary>
    /// <exception cref="IOException">Where that cannot be done; UnauthorizedAccessException likewise.</exception>
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
                && OperatingSystem.IsWindows() && File.Exists(to) && tries < MostTries)
            {
                await Task.Delay(Pause, cancellation);
            }
        }
    }

    /// <summary>Makes a folder that only this user can look into, where there is none.</summary>
    /// <exception cref="IOException">Where that cannot be done; UnauthorizedAccessException likewise.</exception>
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

using System.Text;

namespace Crane.Adapters.Files;

/// <summary>Files that are nobody else's business, and are there whole or as they were before.</summary>
internal static class PrivateFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Where a file is, whether or not it exists: that to which a symbolic link leads.</summary>
    /// <exception cref="IOException">Links lead in a circle.</exception>
    public static string Target(string path) =>
        new FileInfo(path).LinkTarget is null ? path : File.ResolveLinkTarget(path, returnFinalTarget: true)!.FullName;

    /// <summary>
    /// Writes a file in one step. One that exists keeps its owner, group and permissions; a new one is this user's alone.
    /// </summary>
    /// <exception cref="IOException">Where that cannot be done; UnauthorizedAccessException likewise.</exception>
    public static void Write(string path, string text)
    {
        var temporary = $"{path}.{Guid.NewGuid():n}.tmp";
        try
        {
            Write(temporary, text, FileMode.CreateNew);
            if (!File.Exists(path) || FileOwner.TryCopy(path, temporary))
                File.Move(temporary, path, overwrite: true);
            else
                // Only root can give a file to somebody else; what is written in place stays his.
                Write(path, text, FileMode.Truncate);
        }
        finally
        {
            // Gone already, but where something went wrong.
            File.Delete(temporary);
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

    private static void Write(string path, string text, FileMode mode)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.Write, Share = FileShare.None };
        if (mode == FileMode.CreateNew && !OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnerOnly;
        using var file = new FileStream(path, options);
        file.Write(Encoding.UTF8.GetBytes(text));
        file.Flush(flushToDisk: true);
    }
}

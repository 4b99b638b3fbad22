using System.Formats.Tar;
using System.Runtime.InteropServices;

namespace Crane.Adapters.Files;

/// <summary>Whose a file is, and what others may do with it. .NET does not tell the owner, but its tar writer does.</summary>
internal static class FileOwner
{
    /// <summary>Gives a file the owner, group and permissions of another one.</summary>
    /// <returns>False where this user may not give it away.</returns>
    /// <exception cref="IOException">Where one of them cannot be read; UnauthorizedAccessException likewise.</exception>
    public static bool TryCopy(string from, string to)
    {
        if (OperatingSystem.IsWindows())
            return true;
        var owner = Of(from);
        if (owner != Of(to) && !TryChange(to, owner))
            return false;
        File.SetUnixFileMode(to, File.GetUnixFileMode(from));
        return true;
    }

    /// <summary>The ids of a file's owner and group, or a folder's; those of a link are its own.</summary>
    /// <exception cref="IOException">It cannot be read; UnauthorizedAccessException likewise.</exception>
    public static (int User, int Group) Of(string path)
    {
        using var archive = new MemoryStream();
        using (var writer = new TarWriter(archive, TarEntryFormat.Pax, leaveOpen: true))
            writer.WriteEntry(path, "file");
        archive.Position = 0;
        using var reader = new TarReader(archive);
        var entry = reader.GetNextEntry()!;
        return (entry.Uid, entry.Gid);
    }

    private static bool TryChange(string path, (int User, int Group) owner)
    {
        try
        {
            return ChangeOwner(path, (uint)owner.User, (uint)owner.Group) == 0;
        }
        catch (Exception absent) when (absent is DllNotFoundException or EntryPointNotFoundException)
        {
            return false;
        }
    }

    [DllImport("libc", EntryPoint = "chown", BestFitMapping = false, ThrowOnUnmappableChar = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int ChangeOwner([MarshalAs(UnmanagedType.LPUTF8Str)] string path, uint user, uint group);
}

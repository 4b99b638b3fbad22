using System.Formats.Tar;
using System.Runtime.InteropServices;

namespace Crane.Adapters.Machine;

/// <summary>
/// A pipe, device or socket. Opening one may block forever, so it must be recognized beforehand. .NET's file system types cannot do that,
/// but its tar writer can, on every platform: it looks without opening. The type of a socket, which tar has no entry for, is null.
/// </summary>
internal sealed record SpecialFile(TarEntryType? Type, int Major, int Minor)
{
    // The tar writer's result for what it has no entry for.
    private const int NoSystemError = unchecked((int)0x80131620);

    public string Kind => Type switch
    {
        null => "a socket",
        TarEntryType.Fifo => "a pipe",
        _ => "a device",
    };

    /// <summary>Finds the special file of a path; null for a regular file. Links are not followed.</summary>
    /// <exception cref="FileNotFoundException">It was removed; or DirectoryNotFoundException.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static SpecialFile? Find(string path)
    {
        // Special files have no length.
        if (OperatingSystem.IsWindows() || new FileInfo(path) is { Exists: true, Length: > 0 })
            return null;
        using var archive = new MemoryStream();
        try
        {
            using var writer = new TarWriter(archive, TarEntryFormat.Pax, leaveOpen: true);
            writer.WriteEntry(path, "file");
        }
        catch (IOException exception) when (exception is not (FileNotFoundException or DirectoryNotFoundException))
        {
            // A regular file that another process has locked.
            return exception.HResult == NoSystemError ? new SpecialFile(null, 0, 0) : null;
        }

        archive.Position = 0;
        using var reader = new TarReader(archive);
        return reader.GetNextEntry() is PosixTarEntry
        {
            EntryType: TarEntryType.Fifo or TarEntryType.CharacterDevice or TarEntryType.BlockDevice
        } entry
            ? new SpecialFile(entry.EntryType, entry.DeviceMajor, entry.DeviceMinor)
            : null;
    }
}

/// <summary>The owner of a file. .NET has no method for it, but its tar writer reads it.</summary>
internal static class FileOwner
{
    /// <summary>Copies owner, group and permissions from one file to another.</summary>
    /// <returns>False where this user may not change the owner.</returns>
    /// <exception cref="IOException">One of them cannot be read; or UnauthorizedAccessException.</exception>
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

    /// <summary>The ids of the owner and group of a file, folder or (not followed) link.</summary>
    /// <exception cref="IOException">It cannot be read; or UnauthorizedAccessException.</exception>
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

using System.Formats.Tar;
using System.Runtime.InteropServices;

namespace Crane.Adapters.Machine;

/// <summary>
/// A pipe, device or socket. Opening one may block for ever, so they must be told from files beforehand. .NET's file
/// system types do not tell, but its tar writer does, on every platform: it looks without opening.
/// </summary>
/// <param name="Type">What it is; null for a socket, which tar has no entry for.</param>
/// <param name="Major">Of a device.</param>
/// <param name="Minor">Of a device.</param>
internal sealed record SpecialFile(TarEntryType? Type, int Major, int Minor)
{
    // The tar writer's own word, for what it has no entry for.
    private const int NoSystemError = unchecked((int)0x80131620);

    public string Kind => Type switch
    {
        null => "a socket",
        TarEntryType.Fifo => "a pipe",
        _ => "a device",
    };

    /// <summary>What the path is; null for a regular file. Links are not followed.</summary>
    /// <exception cref="FileNotFoundException">It was removed; DirectoryNotFoundException likewise.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static SpecialFile? Find(string path)
    {
        // None of them has a length; what has one need not be tried.
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
            // A file that cannot be read just now, since another process has it locked, is one.
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

using System.Formats.Tar;

namespace Crane.Adapters.Building;

/// <summary>
/// A pipe, device or socket. Opening one may block for ever, so they must be told from files beforehand. .NET's file
/// system types do not tell, but its tar writer does, on every platform: it looks without opening.
/// </summary>
/// <param name="Type">What it is; null for a socket, which tar has no entry for.</param>
/// <param name="Major">Of a device.</param>
/// <param name="Minor">Of a device.</param>
internal sealed record SpecialFile(TarEntryType? Type, int Major, int Minor)
{
    /// <summary>What the path is; null for a regular file.</summary>
    /// <exception cref="CraneException">BuildFailed for a file that cannot be read or was removed.</exception>
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
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            throw ContextFaults.Gone(path, missing);
        }
        catch (UnauthorizedAccessException fault)
        {
            throw ContextFaults.Unreadable(path, fault);
        }
        catch (IOException)
        {
            return new SpecialFile(null, 0, 0);
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

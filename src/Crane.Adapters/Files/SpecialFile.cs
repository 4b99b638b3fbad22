using System.Formats.Tar;

namespace Crane.Adapters.Files;

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

    /// <summary>What it is, in words.</summary>
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
        catch (IOException fault) when (fault is not (FileNotFoundException or DirectoryNotFoundException))
        {
            // A file that cannot be read just now, since another process has it locked, is one.
            return fault.HResult == NoSystemError ? new SpecialFile(null, 0, 0) : null;
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

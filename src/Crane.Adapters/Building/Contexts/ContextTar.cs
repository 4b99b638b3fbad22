using System.Formats.Tar;
using System.Globalization;
using Crane.Adapters.Files;

namespace Crane.Adapters.Building;

/// <summary>
/// Writes a context as a tar archive in PAX format: modes and times as they are on disk, all owned by root as docker has
/// it, links as links. Hard links are sent as files of their own, so that either can change alone.
/// </summary>
/// <param name="writer">Writes the archive, in PAX format.</param>
/// <param name="warn">Gets a message for each socket, which no archive can hold.</param>
internal sealed class ContextTar(TarWriter writer, Action<string>? warn)
{
    private const UnixFileMode OwnerWrites = (UnixFileMode)0b110_100_100;
    private const UnixFileMode OwnerRunsAndWrites = (UnixFileMode)0b111_101_101;
    private const UnixFileMode AllOfLink = (UnixFileMode)0b111_111_111;

    /// <summary>Adds an entry.</summary>
    /// <exception cref="CraneException">BuildFailed where it cannot be read, was removed or changes while sent.</exception>
    public Task AddAsync(ContextEntry entry, CancellationToken cancellation) =>
        entry.Content is { } content ? AddContentAsync(entry, content, cancellation)
        : entry.IsFolder ? AddFolderAsync(entry, cancellation)
        : new FileInfo(entry.Path).LinkTarget is { } target ? AddLinkAsync(entry, target, cancellation)
        : AddFileAsync(entry, cancellation);

    private async Task AddContentAsync(ContextEntry entry, byte[] content, CancellationToken cancellation)
    {
        using var data = new MemoryStream(content, writable: false);
        var header = Header(TarEntryType.RegularFile, entry.Name, DateTime.UnixEpoch, OwnerWrites);
        header.DataStream = data;
        await writer.WriteEntryAsync(header, cancellation);
    }

    private Task AddFolderAsync(ContextEntry entry, CancellationToken cancellation)
    {
        var folder = new DirectoryInfo(entry.Path);
        return folder.Exists
            ? writer.WriteEntryAsync(
                Header(TarEntryType.Directory, entry.Name + "/", folder.LastWriteTimeUtc, Mode(folder)), cancellation)
            : throw ContextFaults.Absent(entry.Path);
    }

    private Task AddLinkAsync(ContextEntry entry, string target, CancellationToken cancellation)
    {
        var header = Header(TarEntryType.SymbolicLink, entry.Name, new FileInfo(entry.Path).LastWriteTimeUtc, AllOfLink);
        header.LinkName = OperatingSystem.IsWindows() ? target.Replace('\\', '/') : target;
        return writer.WriteEntryAsync(header, cancellation);
    }

    private async Task AddFileAsync(ContextEntry entry, CancellationToken cancellation)
    {
        var info = new FileInfo(entry.Path);
        if (!info.Exists)
            throw ContextFaults.Absent(entry.Path);
        if (info.Length == 0)
        {
            await AddWithoutDataAsync(entry, info, cancellation);
            return;
        }

        await using var file = SteadyFile.Open(entry.Path);
        var header = Header(TarEntryType.RegularFile, entry.Name, file.Modified, Mode(info));
        header.DataStream = file;
        await writer.WriteEntryAsync(header, cancellation);
        await file.EnsureUnchangedAsync(cancellation);
    }

    private async Task AddWithoutDataAsync(ContextEntry entry, FileInfo info, CancellationToken cancellation)
    {
        var special = ContextFaults.Told(entry.Path, () => SpecialFile.Find(entry.Path));
        if (special is { Type: null })
        {
            warn?.Invoke($"'{entry.Path}' is a socket, which cannot be sent with a build context. It is left out.");
            return;
        }

        var header = Header(special?.Type ?? TarEntryType.RegularFile, entry.Name, info.LastWriteTimeUtc, Mode(info));
        if (special?.Type is TarEntryType.CharacterDevice or TarEntryType.BlockDevice)
            (header.DeviceMajor, header.DeviceMinor) = (special.Major, special.Minor);
        await writer.WriteEntryAsync(header, cancellation);
    }

    private static PaxTarEntry Header(TarEntryType type, string name, DateTime modified, UnixFileMode mode)
    {
        // The entry would take the present for the times that are not given, so that no two archives were the same; and it
        // has none before 1970.
        var time = modified < DateTime.UnixEpoch ? DateTime.UnixEpoch : modified;
        var seconds = (time - DateTime.UnixEpoch).Ticks / (decimal)TimeSpan.TicksPerSecond;
        var written = seconds.ToString(CultureInfo.InvariantCulture);
        return new PaxTarEntry(type, name, [new("atime", written), new("ctime", written)])
        {
            ModificationTime = time,
            Mode = mode,
            Uid = 0,
            Gid = 0,
        };
    }

    // Windows has no such modes; as docker does there, all may be run.
    private static UnixFileMode Mode(FileSystemInfo info) =>
        OperatingSystem.IsWindows() ? OwnerRunsAndWrites : info.UnixFileMode;
}

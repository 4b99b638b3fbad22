using System.Formats.Tar;
using System.Globalization;
using Crane.Adapters.Files;

namespace Crane.Adapters.Building;

/// <summary>
/// An entry of a context as it is sent, in tar's PAX format: mode and time as they are on disk, owned by root as docker has it,
/// links as links. Hard links are files of their own, so that either can change alone.
/// </summary>
internal sealed class SentEntry : IAsyncDisposable
{
    private const UnixFileMode OwnerWrites = (UnixFileMode)0b110_100_100;
    private const UnixFileMode OwnerRunsAndWrites = (UnixFileMode)0b111_101_101;
    private const UnixFileMode AllOfLink = (UnixFileMode)0b111_111_111;

    private SentEntry(PaxTarEntry header) => Header = header;

    /// <summary>What is sent; its data is read when it is.</summary>
    public PaxTarEntry Header { get; }

    /// <summary>Opens an entry.</summary>
    /// <returns>Null for a socket, which no archive can hold.</returns>
    /// <exception cref="CraneException">BuildFailed where it cannot be read or was removed.</exception>
    public static SentEntry? Open(ContextEntry entry) =>
        entry.Content is { } content ? OfContent(entry, content)
        : entry.IsFolder ? OfFolder(entry)
        : new FileInfo(entry.Path).LinkTarget is { } target ? OfLink(entry, target)
        : OfFile(entry);

    /// <summary>Makes sure, after the data has been read, that it still is what is there.</summary>
    /// <exception cref="CraneException">BuildFailed where it is not.</exception>
    public Task EnsureUnchangedAsync(CancellationToken cancellation) =>
        Header.DataStream is SteadyFile file ? file.EnsureUnchangedAsync(cancellation) : Task.CompletedTask;

    public ValueTask DisposeAsync() => Header.DataStream?.DisposeAsync() ?? ValueTask.CompletedTask;

    private static SentEntry OfContent(ContextEntry entry, byte[] content)
    {
        var sent = Of(TarEntryType.RegularFile, entry.Name, DateTime.UnixEpoch, OwnerWrites);
        sent.Header.DataStream = new MemoryStream(content, writable: false);
        return sent;
    }

    private static SentEntry OfFolder(ContextEntry entry)
    {
        var folder = new DirectoryInfo(entry.Path);
        return folder.Exists
            ? Of(TarEntryType.Directory, entry.Name + "/", folder.LastWriteTimeUtc, Mode(folder))
            : throw ContextFaults.Absent(entry.Path);
    }

    private static SentEntry OfLink(ContextEntry entry, string target)
    {
        var sent = Of(TarEntryType.SymbolicLink, entry.Name, new FileInfo(entry.Path).LastWriteTimeUtc, AllOfLink);
        sent.Header.LinkName = OperatingSystem.IsWindows() ? target.Replace('\\', '/') : target;
        return sent;
    }

    private static SentEntry? OfFile(ContextEntry entry)
    {
        var info = new FileInfo(entry.Path);
        if (!info.Exists)
            throw ContextFaults.Absent(entry.Path);
        if (info.Length == 0)
            return WithoutData(entry, info);
        var file = SteadyFile.Open(entry.Path);
        var sent = Of(TarEntryType.RegularFile, entry.Name, file.Modified, Mode(info));
        sent.Header.DataStream = file;
        return sent;
    }

    private static SentEntry? WithoutData(ContextEntry entry, FileInfo info)
    {
        var special = ContextFaults.Told(entry.Path, () => SpecialFile.Find(entry.Path));
        if (special is { Type: null })
            return null;
        var sent = Of(special?.Type ?? TarEntryType.RegularFile, entry.Name, info.LastWriteTimeUtc, Mode(info));
        if (special?.Type is TarEntryType.CharacterDevice or TarEntryType.BlockDevice)
            (sent.Header.DeviceMajor, sent.Header.DeviceMinor) = (special.Major, special.Minor);
        return sent;
    }

    private static SentEntry Of(TarEntryType type, string name, DateTime modified, UnixFileMode mode)
    {
        // The entry would take the present for the times that are not given, so that no two archives were the same; and it
        // has none before 1970.
        var time = modified < DateTime.UnixEpoch ? DateTime.UnixEpoch : modified;
        var seconds = (time - DateTime.UnixEpoch).Ticks / (decimal)TimeSpan.TicksPerSecond;
        var written = seconds.ToString(CultureInfo.InvariantCulture);
        return new(new PaxTarEntry(type, name, [new("atime", written), new("ctime", written)])
        {
            ModificationTime = time,
            Mode = mode,
            Uid = 0,
            Gid = 0,
        });
    }

    // Windows has no such modes; as docker does there, all may be run.
    private static UnixFileMode Mode(FileSystemInfo info) =>
        OperatingSystem.IsWindows() ? OwnerRunsAndWrites : info.UnixFileMode;
}

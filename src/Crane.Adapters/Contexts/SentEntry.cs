using System.Formats.Tar;
using Crane.Adapters.Machine;
using Crane.Oci;

namespace Crane.Adapters.Contexts;

/// <summary>
/// An entry of a context in GNU's tar format, which takes a third less than PAX: mode and time as on disk, owned by root as with
/// docker, links as links. Hard links are separate files, so that each can change alone.
/// </summary>
internal sealed class SentEntry : IAsyncDisposable
{
    private const UnixFileMode RegularMode = (UnixFileMode)0b110_100_100;
    private const UnixFileMode ExecutableMode = (UnixFileMode)0b111_101_101;
    private const UnixFileMode LinkMode = (UnixFileMode)0b111_111_111;

    // The largest number of eleven octal digits: bytes, or seconds since 1970.
    private const long MaxNumber = (1L << 33) - 1;

    private SentEntry(PosixTarEntry header) => Header = header;

    /// <summary>The tar entry; its data is read when it is sent.</summary>
    public PosixTarEntry Header { get; }

    /// <summary>Opens an entry.</summary>
    /// <returns>Null for a socket, which cannot be archived.</returns>
    /// <exception cref="CraneException">BuildFailed where it cannot be read or was removed.</exception>
    public static SentEntry? Open(ContextEntry entry) =>
        entry.Content is { } content ? OfContent(entry, content)
        : entry.IsFolder ? OfFolder(entry)
        : new FileInfo(entry.Path).LinkTarget is { } target ? OfLink(entry, target)
        : OfFile(entry);

    /// <summary>Checks, after the data has been read, that the file is unchanged.</summary>
    /// <exception cref="CraneException">BuildFailed where it is not.</exception>
    public Task EnsureUnchangedAsync(CancellationToken cancellation) =>
        Header.DataStream is UnchangedFile file ? file.EnsureUnchangedAsync(cancellation) : Task.CompletedTask;

    public ValueTask DisposeAsync() => Header.DataStream?.DisposeAsync() ?? ValueTask.CompletedTask;

    private static SentEntry OfContent(ContextEntry entry, byte[] content)
    {
        var sent = Of(TarEntryType.RegularFile, entry.Name, DateTime.UnixEpoch, RegularMode);
        sent.Header.DataStream = new MemoryStream(content, writable: false);
        return sent;
    }

    private static SentEntry OfFolder(ContextEntry entry)
    {
        var folder = new DirectoryInfo(entry.Path);
        return folder.Exists
            ? Of(TarEntryType.Directory, entry.Name + "/", folder.LastWriteTimeUtc, Mode(folder))
            : throw ContextErrors.Absent(entry.Path);
    }

    private static SentEntry OfLink(ContextEntry entry, string target)
    {
        var sent = Of(TarEntryType.SymbolicLink, entry.Name, new FileInfo(entry.Path).LastWriteTimeUtc, LinkMode);
        sent.Header.LinkName = OperatingSystem.IsWindows() ? target.Replace('\\', '/') : target;
        return sent;
    }

    private static SentEntry? OfFile(ContextEntry entry)
    {
        var info = new FileInfo(entry.Path);
        if (!info.Exists)
            throw ContextErrors.Absent(entry.Path);
        if (info.Length == 0)
            return WithoutData(entry, info);
        var file = UnchangedFile.Open(entry.Path);
        var sent = Of(TarEntryType.RegularFile, entry.Name, file.Modified, Mode(info), file.Length);
        sent.Header.DataStream = file;
        return sent;
    }

    private static SentEntry? WithoutData(ContextEntry entry, FileInfo info)
    {
        var special = ContextErrors.Access(entry.Path, () => SpecialFile.Find(entry.Path));
        if (special is { Type: null })
            return null;
        var sent = Of(special?.Type ?? TarEntryType.RegularFile, entry.Name, info.LastWriteTimeUtc, Mode(info));
        if (special?.Type is TarEntryType.CharacterDevice or TarEntryType.BlockDevice)
            (sent.Header.DeviceMajor, sent.Header.DeviceMinor) = (special.Major, special.Minor);
        return sent;
    }

    private static SentEntry Of(TarEntryType type, string name, DateTime modified, UnixFileMode mode, long length = 0)
    {
        // Neither format has times before 1970, and both use the present for missing times, which would make every archive different.
        var time = modified < DateTime.UnixEpoch ? DateTime.UnixEpoch : modified;
        PosixTarEntry header = length > MaxNumber || time > DateTime.UnixEpoch.AddSeconds(MaxNumber)
            ? new PaxTarEntry(type, name, [new("atime", "0"), new("ctime", "0")])
            : new GnuTarEntry(type, name) { AccessTime = default, ChangeTime = default };
        (header.ModificationTime, header.Mode) = (time, mode);
        return new(header);
    }

    // Windows has no such modes; as with docker there, all files are executable.
    private static UnixFileMode Mode(FileSystemInfo info) => OperatingSystem.IsWindows() ? ExecutableMode : info.UnixFileMode;
}

/// <summary>
/// A file as the data of a tar entry, with exactly the length it had when opened, since the header with the length is sent
/// first. A change meanwhile is an error.
/// </summary>
internal sealed class UnchangedFile : AsyncReadStream
{
    private readonly string _path;
    private readonly FileStream _file;
    private long _position;

    private UnchangedFile(string path, FileStream file)
    {
        (_path, _file, Length) = (path, file, file.Length);
        Modified = File.GetLastWriteTimeUtc(file.SafeFileHandle);
    }

    /// <summary>The last write time when it was opened.</summary>
    public DateTime Modified { get; }

    public override long Length { get; }

    // The tar writer reads the length only of a seekable stream; it does not seek.
    public override bool CanSeek => true;

    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException();
    }

    /// <exception cref="CraneException">BuildFailed where the file cannot be read or was removed.</exception>
    public static UnchangedFile Open(string path)
    {
        var options = new FileStreamOptions
        {
            Share = FileShare.ReadWrite | FileShare.Delete,
            Options = FileOptions.Asynchronous | FileOptions.SequentialScan,
            BufferSize = 0,
        };
        return ContextErrors.Access<UnchangedFile>(path, () => new(path, new(path, options)));
    }

    /// <inheritdoc/>
    /// <exception cref="CraneException">BuildFailed where the file cannot be read or has become shorter.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var wanted = buffer[..(int)Math.Min(buffer.Length, Length - _position)];
        if (wanted.IsEmpty)
            return 0;
        var read = await ReadFileAsync(wanted, cancellationToken);
        _position += read;
        return read > 0 ? read : throw ContextErrors.Changed(_path, "became shorter");
    }

    /// <summary>Checks, after everything has been read, that the file is unchanged.</summary>
    /// <exception cref="CraneException">BuildFailed where it is not.</exception>
    public async Task EnsureUnchangedAsync(CancellationToken cancellation)
    {
        if (await ReadFileAsync(new byte[1], cancellation) > 0)
            throw ContextErrors.Changed(_path, "grew");
        if (File.GetLastWriteTimeUtc(_file.SafeFileHandle) != Modified)
            throw ContextErrors.Changed(_path, "was written");
    }

    public override async ValueTask DisposeAsync()
    {
        await _file.DisposeAsync();
        await base.DisposeAsync();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _file.Dispose();
        base.Dispose(disposing);
    }

    private async ValueTask<int> ReadFileAsync(Memory<byte> buffer, CancellationToken cancellation)
    {
        try
        {
            return await _file.ReadAsync(buffer, cancellation);
        }
        catch (IOException exception)
        {
            throw ContextErrors.Unreadable(_path, exception);
        }
    }
}

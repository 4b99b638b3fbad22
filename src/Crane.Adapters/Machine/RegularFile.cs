namespace Crane.Adapters.Machine;

/// <summary>
/// Opens regular files for reading, and nothing else: opening a pipe may block forever, and a device has no end. Files that are
/// read as a whole have a size limit.
/// </summary>
internal static class RegularFile
{
    /// <summary>The default size limit in bytes.</summary>
    public const int UsualLimit = 16 * Megabyte;

    private const int Megabyte = 1024 * 1024;
    private const int BufferSize = 64 * 1024;

    /// <summary>Opens a file that others may write, replace and remove meanwhile.</summary>
    /// <exception cref="IOException">
    /// It cannot be opened, or is not a regular file (<see cref="FileRefusedException"/>). Or UnauthorizedAccessException.
    /// </exception>
    public static FileStream Open(string path, FileOptions options = FileOptions.None)
    {
        // The target of a link such as /dev/stdin may have no path: only opening it shows what it is.
        var target = File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
        if (Directory.Exists(target))
            throw Refused("a folder");
        if (File.Exists(target) && SpecialFile.Find(target) is { } special)
            throw Refused(special.Kind);
        return new FileStream(path, new FileStreamOptions
        {
            Share = FileShare.ReadWrite | FileShare.Delete,
            Options = options,
            BufferSize = 0,
        });
    }

    /// <exception cref="IOException">As <see cref="Open"/>; also a <see cref="FileRefusedException"/> for a larger file.</exception>
    public static byte[] ReadAllBytes(string path, int limit = UsualLimit)
    {
        using var file = Open(path, FileOptions.SequentialScan);
        // The size in the file system is only a guess: a file may grow, and some have none.
        using var content = new MemoryStream(capacity: file.CanSeek ? (int)Math.Min(file.Length, limit) : 0);
        var buffer = new byte[BufferSize];
        while (file.Read(buffer) is > 0 and var count)
            Add(content, buffer.AsSpan(0, count), limit);
        return content.ToArray();
    }

    /// <summary>Reads the rest of a stream.</summary>
    /// <exception cref="FileRefusedException">It is larger than the limit.</exception>
    public static async Task<byte[]> ReadToEndAsync(Stream stream, int limit, CancellationToken cancellation)
    {
        using var content = new MemoryStream();
        var buffer = new byte[BufferSize];
        while (await stream.ReadAsync(buffer, cancellation) is > 0 and var count)
            Add(content, buffer.AsSpan(0, count), limit);
        return content.ToArray();
    }

    /// <summary>
    /// Checks that a path at which Crane writes its own file does not exist or is a file: never a link, which could overwrite
    /// somebody else's file.
    /// </summary>
    /// <exception cref="FileRefusedException">It is something else.</exception>
    public static void EnsureOwn(string path)
    {
        var file = new FileInfo(path);
        if (file.LinkTarget is not null)
            throw NotOwn("a link, through which Crane does not write");
        try
        {
            if (file.Exists && SpecialFile.Find(path) is { } special)
                throw NotOwn($"{special.Kind}, not a file");
        }
        catch (FileNotFoundException)
        {
            // Another process has removed it meanwhile.
        }
    }

    private static void Add(MemoryStream content, ReadOnlySpan<byte> bytes, int limit)
    {
        if (content.Length + bytes.Length > limit)
            throw new FileRefusedException(
                $"it is larger than {limit / Megabyte} MB", "Check that it is the right file: such files are never that large.");
        content.Write(bytes);
    }

    private static FileRefusedException NotOwn(string what) => new($"it is {what}", "Replace it by a file or folder, or use another path.");

    private static FileRefusedException Refused(string kind) => new($"it is {kind}, not a file", "Name a regular file.");
}

/// <summary>A file that Crane refuses for a reason without a system error.</summary>
/// <param name="why">Why, as the end of a sentence about the file.</param>
/// <param name="advice">What to do about it.</param>
/// <param name="inner">The system's exception, where there is one.</param>
internal sealed class FileRefusedException(string why, string advice, Exception? inner = null) : IOException(why, inner)
{
    public string Advice { get; } = advice;
}

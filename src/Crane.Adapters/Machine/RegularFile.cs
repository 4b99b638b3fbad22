namespace Crane.Adapters.Machine;

/// <summary>
/// Opens files for reading, and nothing else that has a path: a pipe may be waited for without end, and a device has no end.
/// What is read whole has a limit.
/// </summary>
internal static class RegularFile
{
    /// <summary>How many bytes a file that is read whole may have, unless its reader says otherwise.</summary>
    public const int UsualLimit = 16 * Megabyte;

    private const int Megabyte = 1024 * 1024;
    private const int BufferSize = 64 * 1024;

    /// <summary>Opens a file; others may write, replace and remove it meanwhile.</summary>
    /// <exception cref="IOException">
    /// It cannot be opened, or is something else: a <see cref="FileRefusedException"/>. UnauthorizedAccessException likewise.
    /// </exception>
    public static FileStream Open(string path, FileOptions options = FileOptions.None)
    {
        // What a link such as /dev/stdin leads to may have no path of its own: only opening it tells.
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

    /// <summary>The whole content of a file.</summary>
    /// <exception cref="IOException">As <see cref="Open"/>; a <see cref="FileRefusedException"/> where it is larger than the limit.</exception>
    public static byte[] ReadAllBytes(string path, int limit = UsualLimit)
    {
        using var file = Open(path, FileOptions.SequentialScan);
        using var content = new MemoryStream();
        var buffer = new byte[BufferSize];
        while (file.Read(buffer) is > 0 and var count)
            Add(content, buffer.AsSpan(0, count), limit);
        return content.ToArray();
    }

    /// <summary>All that a stream has from here on.</summary>
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
    /// Makes sure that a path at which Crane writes a file of its own is free, or such a file: never a link, by which the file
    /// of somebody else would be written.
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
            // Another process has removed it meanwhile, so it is free.
        }
    }

    // What the file system says of the size is not asked: a file may grow, and some have none.
    private static void Add(MemoryStream content, ReadOnlySpan<byte> bytes, int limit)
    {
        if (content.Length + bytes.Length > limit)
            throw new FileRefusedException(
                $"it is larger than {limit / Megabyte} MB", "Check that it is the right file: none of its kind is so large.");
        content.Write(bytes);
    }

    private static FileRefusedException NotOwn(string what) =>
        new($"it is {what}", "Put a file or folder itself there, or name another place.");

    private static FileRefusedException Refused(string kind) => new($"it is {kind}, not a file", "Name a regular file.");
}

/// <summary>A file that Crane does not take, for a reason that the system has no error for.</summary>
/// <param name="why">Why, as the end of a sentence about the file.</param>
/// <param name="advice">What to do about it.</param>
/// <param name="inner">What the system said, where it said something.</param>
internal sealed class FileRefusedException(string why, string advice, Exception? inner = null) : IOException(why, inner)
{
    public string Advice { get; } = advice;
}

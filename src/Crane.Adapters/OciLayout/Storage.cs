using Crane.Adapters.Machine;
using static Crane.Adapters.OciLayout.LayoutErrors;

namespace Crane.Adapters.OciLayout;

/// <summary>File operations of a layout folder, whose exceptions become errors about the folder.</summary>
internal static class Storage
{
    // Values of HResult: the error number on Unix, a code of the Win32 facility on Windows.
    public const int UnixNoSpace = 28;
    private const int UnixReadOnly = 30;
    private const int UnixQuota = 122;
    private const int MacQuota = 69;
    private const int WindowsWriteProtected = unchecked((int)0x80070013);
    private const int WindowsHandleFull = unchecked((int)0x80070027);
    private const int WindowsFull = unchecked((int)0x80070070);

    /// <summary>Whether the disk or the user's quota is full.</summary>
    public static bool IsFull(Exception exception) =>
        exception.HResult is UnixNoSpace or UnixQuota or MacQuota or WindowsFull or WindowsHandleFull;

    /// <summary>Whether the exception is about a file, and not a bug.</summary>
    public static bool IsFileError(Exception exception) => exception is IOException or UnauthorizedAccessException;

    /// <exception cref="CraneException">PullFailed.</exception>
    public static T Write<T>(string path, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception exception) when (IsFileError(exception))
        {
            throw NotWritten(path, exception);
        }
    }

    /// <inheritdoc cref="Write{T}"/>
    public static void Write(string path, Action work) => Write(path, () =>
    {
        work();
        return true;
    });

    /// <summary>Waits for a lock between processes, as <see cref="FileLock.TakeAsync"/>.</summary>
    /// <exception cref="CraneException">PullFailed.</exception>
    public static async Task<IAsyncDisposable> LockAsync(string path, TimeSpan timeout, CancellationToken cancellation)
    {
        try
        {
            return await FileLock.TakeAsync(path, timeout, cancellation);
        }
        catch (Exception exception) when (IsFileError(exception))
        {
            throw NotWritten(path, exception);
        }
    }

    public static CraneException NotWritten(string path, Exception exception)
    {
        var (why, advice) = exception switch
        {
            FileRefusedException refused => (Words(refused), refused.Advice),
            _ when IsFull(exception) => (
                "no space left", "Free space on that disk and run the command again; complete blobs are kept."),
            { HResult: UnixReadOnly or WindowsWriteProtected } => (
                "its file system is read-only", "Use a writable folder, or mount that file system read-write."),
            UnauthorizedAccessException => (
                "permission denied", "Make the folder and its contents writable for you, or use another folder."),
            PathTooLongException => ("the path is too long for this system", "Use a folder with a shorter path."),
            _ => (Words(exception), "Check that disk, or use another folder."),
        };
        return new CraneException(CraneErrorId.PullFailed, $"{Quote(path)} could not be written: {why}.", advice, exception);
    }

    public static CraneException NotRead(string path, Exception exception) => new(
        CraneErrorId.PullFailed, $"{Quote(path)} could not be read: {Words(exception)}.",
        "Make it readable for you, or check that disk.", exception);

    /// <summary>Replaces a file by way of a temporary one, so that it is complete at any time, also after a power failure.</summary>
    /// <param name="path">The file. Only the caller writes it at the time.</param>
    /// <param name="folder">The folder of the temporary file, on the same file system.</param>
    /// <param name="content">The new content.</param>
    /// <param name="cancellation">Cancels it.</param>
    /// <exception cref="CraneException">PullFailed.</exception>
    public static async Task ReplaceAsync(string path, string folder, ReadOnlyMemory<byte> content, CancellationToken cancellation)
    {
        var name = Path.GetFileName(path);
        var temporary = Path.Combine(folder, $"{name}.{Guid.NewGuid():n}.new");
        Write(path, () =>
        {
            // Killed processes have left theirs.
            foreach (var left in Directory.EnumerateFiles(folder, $"{name}.*new"))
                File.Delete(left);
            WholeFile.Create(temporary, content.Span);
        });
        await MoveAsync(temporary, path, cancellation);
    }

    /// <summary>Gives a finished file its name, and replaces a file of that name.</summary>
    /// <remarks>
    /// .NET cannot flush a folder, so a power failure may undo the latest renames; journaling file systems undo the last one
    /// first, so never that of a blob without that of the index after it.
    /// </remarks>
    /// <exception cref="CraneException">PullFailed.</exception>
    public static async Task MoveAsync(string from, string to, CancellationToken cancellation)
    {
        try
        {
            await WholeFile.MoveAsync(from, to, cancellation);
        }
        catch (Exception exception) when (IsFileError(exception))
        {
            throw NotWritten(to, exception);
        }
    }
}

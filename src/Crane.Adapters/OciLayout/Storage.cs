using Crane.Adapters.Machine;
using static Crane.Adapters.OciLayout.LayoutFaults;

namespace Crane.Adapters.OciLayout;

/// <summary>Runs what touches the disk, and says in words about the folder why it did not work.</summary>
internal static class Storage
{
    // What .NET gives as HResult: the system's error number on Unix, the facility's code on Windows.
    public const int UnixNoSpace = 28;
    private const int UnixReadOnly = 30;
    private const int UnixQuota = 122;
    private const int MacQuota = 69;
    private const int WindowsWriteProtected = unchecked((int)0x80070013);
    private const int WindowsHandleFull = unchecked((int)0x80070027);
    private const int WindowsFull = unchecked((int)0x80070070);

    /// <summary>Whether the disk or the user's share of it is full.</summary>
    public static bool IsFull(Exception fault) =>
        fault.HResult is UnixNoSpace or UnixQuota or MacQuota or WindowsFull or WindowsHandleFull;

    /// <summary>Whether the exception is about files, and not a mistake in a program.</summary>
    public static bool IsFault(Exception fault) => fault is IOException or UnauthorizedAccessException;

    /// <exception cref="CraneException">PullFailed.</exception>
    public static T Write<T>(string path, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception fault) when (IsFault(fault))
        {
            throw NotWritten(path, fault);
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
    public static async Task<IAsyncDisposable> LockAsync(string path, TimeSpan patience, CancellationToken cancellation)
    {
        try
        {
            return await FileLock.TakeAsync(path, patience, cancellation);
        }
        catch (Exception fault) when (IsFault(fault))
        {
            throw NotWritten(path, fault);
        }
    }

    /// <summary>Why a path could not be written.</summary>
    public static CraneException NotWritten(string path, Exception fault)
    {
        var (why, advice) = fault switch
        {
            FileRefusedException refused => (Words(refused), refused.Advice),
            _ when IsFull(fault) => (
                "there is no room left", "Make room on that disk and run it again; what has come in whole is kept."),
            { HResult: UnixReadOnly or WindowsWriteProtected } => (
                "its file system is read-only", "Name a folder that can be written, or mount that file system for writing."),
            UnauthorizedAccessException => (
                "permission denied", "Make the folder and what is in it writable to you, or name another one."),
            PathTooLongException => ("the path is too long for this system", "Name a folder with a shorter path."),
            _ => (Words(fault), "Look at that disk, or name another folder."),
        };
        return new CraneException(CraneErrorId.PullFailed, $"{Quote(path)} could not be written: {why}.", advice, fault);
    }

    /// <summary>Why content could not be read.</summary>
    public static CraneException NotRead(string path, Exception fault) => new(
        CraneErrorId.PullFailed, $"{Quote(path)} could not be read: {Words(fault)}.",
        "Make it readable to you, or look at that disk.", fault);
}

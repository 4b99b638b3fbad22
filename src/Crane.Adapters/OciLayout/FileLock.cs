using System.Diagnostics;

namespace Crane.Adapters.OciLayout;

/// <summary>
/// A lock between processes: a file that one at a time has open for itself alone. The system closes it when its holder ends,
/// in whatever way. Only Crane takes it; other programs know nothing of it.
/// </summary>
/// <remarks>
/// The file goes away with the lock. That is safe: on Windows it does so in one step with closing; elsewhere .NET removes it
/// before it unlocks it, and one who has waited for it makes sure that what he locked still has the name.
/// </remarks>
internal static class FileLock
{
    private const int WindowsSharingViolation = unchecked((int)0x80070020);
    private const int LinuxWouldBlock = 11;
    private const int BsdWouldBlock = 35;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    /// <summary>Waits for the lock, which is held until what is returned is disposed.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="patience">How long the holder may do nothing.</param>
    /// <param name="sign">What changes as long as holders get on, such as the length of what they write.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="CraneException">PullFailed where the holder does not get on, or the file cannot be made.</exception>
    public static async Task<IDisposable> TakeAsync(string path, TimeSpan patience, Func<long> sign, CancellationToken cancellation)
    {
        var (seen, since) = (sign(), Stopwatch.StartNew());
        while (true)
        {
            var (taken, refusal) = Try(path);
            if (taken is not null)
                return taken;
            if (sign() is var now && now != seen)
            {
                seen = now;
                since.Restart();
            }
            else if (since.Elapsed > patience)
            {
                throw LayoutFaults.Held(path, patience, refusal!);
            }

            await Task.Delay(Pause, cancellation);
        }
    }

    private static (FileStream? Taken, Exception? Refusal) Try(string path)
    {
        try
        {
            return (new FileStream(path, new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate,
                Access = FileAccess.ReadWrite,
                Share = FileShare.None,
                Options = FileOptions.DeleteOnClose,
                BufferSize = 0,
            }), null);
        }
        catch (Exception refusal) when (IsHeld(refusal))
        {
            return (null, refusal);
        }
        catch (Exception fault) when (Storage.IsFault(fault))
        {
            throw Storage.NotWritten(path, fault);
        }
    }

    // Windows denies access to a file that is just going away.
    private static bool IsHeld(Exception fault) => OperatingSystem.IsWindows()
        ? fault is UnauthorizedAccessException or IOException { HResult: WindowsSharingViolation }
        : fault is IOException { HResult: LinuxWouldBlock or BsdWouldBlock };
}

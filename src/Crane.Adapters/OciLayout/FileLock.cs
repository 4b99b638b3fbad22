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
internal sealed class FileLock : IAsyncDisposable
{
    private const int WindowsSharingViolation = unchecked((int)0x80070020);
    private const int LinuxWouldBlock = 11;
    private const int BsdWouldBlock = 35;

    // So many signs of life come in the time that one is waited for.
    private const int SignsInTime = 12;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    private readonly FileStream _file;
    private readonly Timer _signs;

    private FileLock(FileStream file, TimeSpan patience) =>
        (_file, _signs) = (file, new Timer(_ => GiveSign(file), null, TimeSpan.Zero, patience / SignsInTime));

    /// <summary>Waits for the lock, which is held until what is returned is disposed.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="patience">How long the holder may give no sign of life. It is the same for all.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="CraneException">PullFailed where the holder gives none, or the file cannot be made.</exception>
    public static async Task<IAsyncDisposable> TakeAsync(string path, TimeSpan patience, CancellationToken cancellation)
    {
        var (seen, since) = (DateTime.MinValue, Stopwatch.StartNew());
        while (true)
        {
            var (taken, refusal) = Try(path);
            if (taken is not null)
                return new FileLock(taken, patience);
            if (LastSign(path) is var now && now != seen)
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

    public async ValueTask DisposeAsync()
    {
        await _signs.DisposeAsync();
        await _file.DisposeAsync();
    }

    // What the holder does may show nowhere else for long: it hashes what is there, or waits as its source has asked for.
    private static void GiveSign(FileStream file)
    {
        try
        {
            File.SetLastWriteTimeUtc(file.SafeFileHandle, DateTime.UtcNow);
        }
        catch (Exception fault) when (Storage.IsFault(fault))
        {
            // Where times cannot be set, others are less patient.
        }
    }

    private static DateTime LastSign(string path) => Storage.Write(path, () => File.GetLastWriteTimeUtc(path));

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

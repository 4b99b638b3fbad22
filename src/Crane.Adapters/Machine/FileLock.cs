using System.Diagnostics;

namespace Crane.Adapters.Machine;

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
    /// <exception cref="IOException">
    /// The file cannot be made. A <see cref="FileRefusedException"/> where the holder gives no sign of life, where something
    /// else has the path, or where locks do not hold. UnauthorizedAccessException likewise.
    /// </exception>
    public static async Task<IAsyncDisposable> TakeAsync(string path, TimeSpan patience, CancellationToken cancellation)
    {
        RegularFile.EnsureOwn(path);
        var (seen, since) = (DateTime.MinValue, Stopwatch.StartNew());
        while (true)
        {
            var (taken, refusal) = Try(path);
            if (taken is not null)
                return new FileLock(await EnsureHoldsAsync(path, taken), patience);
            if (File.GetLastWriteTimeUtc(path) is var now && now != seen)
            {
                seen = now;
                since.Restart();
            }
            else if (since.Elapsed > patience)
            {
                throw new FileRefusedException(
                    $"another process has had it locked for {patience.TotalSeconds:0.#} seconds without a sign of life",
                    "Look for a Crane that hangs or was stopped, end it, and run this again; the lock ends with its process.",
                    refusal);
            }

            await Task.Delay(Pause, cancellation);
        }
    }

    /// <summary>Whether somebody had the lock who was killed, and so left the file.</summary>
    /// <exception cref="IOException">It cannot be found out; UnauthorizedAccessException likewise.</exception>
    public static bool IsLeft(string path)
    {
        if (!File.Exists(path) || new FileInfo(path).LinkTarget is not null || Try(path).Taken is not { } taken)
            return false;
        taken.Dispose();
        return true;
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
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Where times cannot be set, others are less patient.
        }
    }

    /// <summary>Makes sure that what was locked is refused to others: some file systems and settings let everybody in.</summary>
    private static async Task<FileStream> EnsureHoldsAsync(string path, FileStream taken)
    {
        if (Try(path).Taken is not { } second)
            return taken;
        await second.DisposeAsync();
        await taken.DisposeAsync();
        throw new FileRefusedException(
            "files cannot be locked there, so what several processes write at once would be lost",
            "Use a folder on another file system, or one that is mounted with locks; and do not set "
            + "DOTNET_SYSTEM_IO_DISABLEFILELOCKING.");
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
    }

    // Windows denies access to a file that is just going away.
    private static bool IsHeld(Exception exception) => OperatingSystem.IsWindows()
        ? exception is UnauthorizedAccessException or IOException { HResult: WindowsSharingViolation }
        : exception is IOException { HResult: LinuxWouldBlock or BsdWouldBlock };
}

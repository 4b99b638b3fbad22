using System.Diagnostics;

namespace Crane.Adapters.Machine;

/// <summary>
/// A lock between processes of Crane: a file that only one of them can have open. The system releases it when its holder ends,
/// in whatever way.
/// </summary>
/// <remarks>
/// The file is removed with the lock. That is safe: Windows removes it in one step with closing; elsewhere .NET removes it before
/// it unlocks it, and a process that waited checks that the file it locked still has the name.
/// </remarks>
internal sealed class FileLock : IAsyncDisposable
{
    private const int WindowsSharingViolation = unchecked((int)0x80070020);
    private const int LinuxWouldBlock = 11;
    private const int BsdWouldBlock = 35;

    // The number of signs of life within the timeout.
    private const int SignsPerTimeout = 12;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    private readonly FileStream _file;
    private readonly Timer _signs;

    private FileLock(FileStream file, TimeSpan timeout) =>
        (_file, _signs) = (file, new Timer(_ => GiveSign(file), null, TimeSpan.Zero, timeout / SignsPerTimeout));

    /// <summary>Waits for the lock, which is held until what is returned is disposed.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="timeout">How long the holder may show no sign of life. Must be the same for all processes.</param>
    /// <param name="cancellation">Cancels the wait.</param>
    /// <exception cref="IOException">
    /// The file cannot be created. A <see cref="FileRefusedException"/> where the holder shows no sign of life, where the path is
    /// not a file, or where locks do not work. Or UnauthorizedAccessException.
    /// </exception>
    public static async Task<IAsyncDisposable> TakeAsync(string path, TimeSpan timeout, CancellationToken cancellation)
    {
        RegularFile.EnsureOwn(path);
        var (seen, since) = (DateTime.MinValue, Stopwatch.StartNew());
        while (true)
        {
            var (taken, refusal) = Try(path);
            if (taken is not null)
                return new FileLock(await EnsureHoldsAsync(path, taken), timeout);
            if (File.GetLastWriteTimeUtc(path) is var now && now != seen)
            {
                seen = now;
                since.Restart();
            }
            else if (since.Elapsed > timeout)
            {
                throw new FileRefusedException(
                    $"another process has locked it for {timeout.TotalSeconds:0.#} seconds without a sign of life",
                    "Look for a Crane that hangs or is suspended, end it, and run the command again; the lock ends with its process.",
                    refusal);
            }

            await Task.Delay(Pause, cancellation);
        }
    }

    /// <summary>Whether the file was left by a process that was killed.</summary>
    /// <exception cref="IOException">That cannot be found out; or UnauthorizedAccessException.</exception>
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

    // The holder may show nothing else for long: it hashes existing content, or waits as its source has asked for.
    private static void GiveSign(FileStream file)
    {
        try
        {
            File.SetLastWriteTimeUtc(file.SafeFileHandle, DateTime.UtcNow);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Where times cannot be set, other processes time out earlier.
        }
    }

    /// <summary>Checks that the lock excludes others: on some file systems and with some settings it does not.</summary>
    private static async Task<FileStream> EnsureHoldsAsync(string path, FileStream taken)
    {
        if (Try(path).Taken is not { } second)
            return taken;
        await second.DisposeAsync();
        await taken.DisposeAsync();
        throw new FileRefusedException(
            "files cannot be locked there, so that several processes would overwrite each other's changes",
            "Use a folder on another file system, or mount it with locks; and do not set DOTNET_SYSTEM_IO_DISABLEFILELOCKING.");
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

    // Windows denies access to a file that is being removed.
    private static bool IsHeld(Exception exception) => OperatingSystem.IsWindows()
        ? exception is UnauthorizedAccessException or IOException { HResult: WindowsSharingViolation }
        : exception is IOException { HResult: LinuxWouldBlock or BsdWouldBlock };
}

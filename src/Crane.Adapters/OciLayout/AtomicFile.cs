namespace Crane.Adapters.OciLayout;

/// <summary>Files that are there whole or not at all, also after the machine's power has failed.</summary>
/// <remarks>
/// A file's bytes are on the disk before its name is. .NET cannot flush a folder, so a power failure may take the latest
/// renames back; journaling file systems do so from the last one on, hence never a blob's and not that of the index after it.
/// </remarks>
internal static class AtomicFile
{
    private const int MostTries = 100;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Writes a file by way of another one, which the caller alone uses.</summary>
    /// <exception cref="CraneException">PullFailed.</exception>
    public static async Task WriteAsync(string path, string by, ReadOnlyMemory<byte> content, CancellationToken cancellation)
    {
        Storage.Write(by, () =>
        {
            using var file = new FileStream(by, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
            file.Write(content.Span);
            file.Flush(flushToDisk: true);
        });
        await MoveAsync(by, path, cancellation);
    }

    /// <summary>Gives a finished file its name; a file of that name is replaced.</summary>
    /// <exception cref="CraneException">PullFailed.</exception>
    public static async Task MoveAsync(string from, string to, CancellationToken cancellation)
    {
        for (var tries = 1; !TryMove(from, to, isLast: tries == MostTries); tries++)
            await Task.Delay(Pause, cancellation);
    }

    // Windows refuses to replace a file as long as someone reads it, who will be done soon.
    private static bool TryMove(string from, string to, bool isLast)
    {
        try
        {
            File.Move(from, to, overwrite: true);
            return true;
        }
        catch (Exception busy) when (Storage.IsFault(busy) && OperatingSystem.IsWindows() && File.Exists(to) && !isLast)
        {
            return false;
        }
        catch (Exception fault) when (Storage.IsFault(fault))
        {
            throw Storage.NotWritten(to, fault);
        }
    }
}

using Crane.Adapters.Machine;

namespace Crane.Adapters.OciLayout;

/// <summary>Files that are there whole or not at all, also after the machine's power has failed.</summary>
/// <remarks>
/// A file's bytes are on the disk before its name is. .NET cannot flush a folder, so a power failure may take the latest
/// renames back; journaling file systems do so from the last one on, hence never a blob's and not that of the index after it.
/// </remarks>
internal static class AtomicFile
{
    /// <summary>Writes a file by way of another one. The caller alone writes it at the time.</summary>
    /// <param name="path">The file.</param>
    /// <param name="folder">Where it is made; a folder of the same file system.</param>
    /// <param name="content">What is written.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="CraneException">PullFailed.</exception>
    public static async Task WriteAsync(string path, string folder, ReadOnlyMemory<byte> content, CancellationToken cancellation)
    {
        var name = Path.GetFileName(path);
        // A name that nobody can have taken before.
        var made = Path.Combine(folder, $"{name}.{Guid.NewGuid():n}.new");
        Storage.Write(path, () =>
        {
            // Processes that were killed have left theirs.
            foreach (var left in Directory.EnumerateFiles(folder, $"{name}.*new"))
                File.Delete(left);
            WholeFile.Create(made, content.Span);
        });
        await MoveAsync(made, path, cancellation);
    }

    /// <summary>Gives a finished file its name; a file of that name is replaced.</summary>
    /// <exception cref="CraneException">PullFailed.</exception>
    public static async Task MoveAsync(string from, string to, CancellationToken cancellation)
    {
        try
        {
            await WholeFile.MoveAsync(from, to, cancellation);
        }
        catch (Exception exception) when (Storage.IsFault(exception))
        {
            throw Storage.NotWritten(to, exception);
        }
    }
}

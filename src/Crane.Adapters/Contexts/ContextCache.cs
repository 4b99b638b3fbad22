using System.Security.Cryptography;
using System.Text;
using Crane.Adapters.Machine;

namespace Crane.Adapters.Contexts;

/// <summary>
/// Keeps the latest snapshot of each context, so that what has not changed need not be read again. It may be deleted at any
/// time, and a snapshot that cannot be read or written is one that is not there.
/// </summary>
/// <param name="folder">Where it is; it need not exist.</param>
internal sealed class ContextCache(string folder)
{
    /// <summary>The files that are kept: those that were used last.</summary>
    public const int Limit = 200;

    // Enough for a million files; what is larger is none of ours.
    private const long LargestFile = 256 * 1024 * 1024;
    private static readonly TimeSpan UseIsNotedAfter = TimeSpan.FromDays(1);

    /// <summary>The snapshot of a context; null for none.</summary>
    public ContextSnapshot? Load(BuildContext context) => Try(() =>
    {
        var file = new FileInfo(PathOf(context));
        if (!file.Exists || file.Length > LargestFile || ContextSnapshot.Read(File.ReadAllBytes(file.FullName)) is not { } snapshot)
            return null;
        if (DateTime.UtcNow - file.LastWriteTimeUtc > UseIsNotedAfter)
            file.LastWriteTimeUtc = DateTime.UtcNow;
        return snapshot;
    });

    /// <summary>Keeps the snapshot of a context, whole or not at all; of two processes one wins.</summary>
    public void Save(BuildContext context, ContextSnapshot snapshot) => Try(() =>
    {
        Directory.CreateDirectory(folder);
        WholeFile.Write(PathOf(context), snapshot.ToBytes());
        foreach (var old in new DirectoryInfo(folder).GetFiles().OrderByDescending(file => file.LastWriteTimeUtc).Skip(Limit))
            old.Delete();
        return snapshot;
    });

    private string PathOf(BuildContext context) => Path.Join(
        folder, Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes($"{context.Folder}\0{context.Dockerfile}"))).ToLowerInvariant());

    private static ContextSnapshot? Try(Func<ContextSnapshot?> access)
    {
        try
        {
            return access();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }
}

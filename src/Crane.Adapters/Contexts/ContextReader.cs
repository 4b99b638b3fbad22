using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Crane.Adapters.Machine;
using Crane.Building;

namespace Crane.Adapters.Contexts;

/// <summary>Hashes a context as it would be sent to a builder. Known and unchanged files are not read again.</summary>
internal static class ContextReader
{
    private const int BufferSize = 128 * 1024;

    // The write permission of others depends on the umask of the user who checked the file out.
    private const UnixFileMode OthersWrite = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    /// <summary>Takes a snapshot; returns the known one where nothing has changed.</summary>
    /// <exception cref="CraneException">BuildFailed for a path that cannot be read, was removed, or changes meanwhile.</exception>
    public static async Task<ContextSnapshot> ReadAsync(
        BuildContext context, ContextSnapshot? known, TimeProvider clock, CancellationToken cancellation)
    {
        var dockerfile = "";
        var entries = new List<HashedEntry>(known?.Entries.Count ?? 0);
        var buffer = new byte[BufferSize];
        foreach (var entry in context.Entries())
        {
            cancellation.ThrowIfCancellationRequested();
            if (entry.Name == context.Dockerfile)
                dockerfile = await HashAsync(entry, buffer, cancellation) ?? "";
            else if (await ReadAsync(entry, known?.Find(entry.Name), buffer, clock, cancellation) is { } read)
                entries.Add(read);
        }

        return known is not null && known.Dockerfile == dockerfile && known.Entries.SequenceEqual(entries)
            ? known
            : ContextSnapshot.Of(dockerfile, entries);
    }

    private static async ValueTask<HashedEntry?> ReadAsync(
        ContextEntry entry, HashedEntry? known, byte[] buffer, TimeProvider clock, CancellationToken cancellation)
    {
        // Taken before the file is read: a change during the read changes the stamp.
        var stamp = entry.Content is null ? FileStamp.Of(entry.Path) : null;
        if (stamp is not null && stamp == known?.Stamp)
            return known;
        var isSettled = stamp?.IsSettled(clock.GetUtcNow()) == true;
        return await HashAsync(entry, buffer, cancellation) is { } hash
            ? new HashedEntry(entry.Name, isSettled ? stamp : null, hash)
            : null;
    }

    private static async Task<string?> HashAsync(ContextEntry entry, byte[] buffer, CancellationToken cancellation)
    {
        await using var sent = SentEntry.Open(entry);
        if (sent is null)
            return null;
        var header = sent.Header;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(string.Create(
            CultureInfo.InvariantCulture,
            $"{header.EntryType} {(int)(header.Mode & ~OthersWrite)} {header.DeviceMajor} {header.DeviceMinor} {header.LinkName}\0")));
        while (header.DataStream is { } data && await data.ReadAsync(buffer, cancellation) is > 0 and var count)
            hash.AppendData(buffer, 0, count);
        await sent.EnsureUnchangedAsync(cancellation);
        return BuildInputs.Hash(hash.GetHashAndReset());
    }
}

using System.Security.Cryptography;
using System.Text;
using Crane.Adapters.Machine;
using Crane.Building;

namespace Crane.Adapters.Contexts;

/// <summary>The hashes of a context, as it would be sent to a builder, at some time.</summary>
/// <param name="dockerfile">The hash of the Dockerfile.</param>
/// <param name="hash">The hash of everything else.</param>
/// <param name="entries">Everything else, in order.</param>
internal sealed class ContextSnapshot(string dockerfile, string hash, IReadOnlyList<HashedEntry> entries)
{
    private const string Mark = "crane context 1";

    private Dictionary<string, HashedEntry>? _byName;

    public string Dockerfile => dockerfile;

    public string Hash => hash;

    public IReadOnlyList<HashedEntry> Entries => entries;

    public static ContextSnapshot Of(string dockerfile, IReadOnlyList<HashedEntry> entries)
    {
        using var all = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var entry in entries)
            all.AppendData(Encoding.UTF8.GetBytes($"{entry.Name}\0{entry.Hash}"));
        return new ContextSnapshot(dockerfile, BuildInputs.Hash(all.GetHashAndReset()), entries);
    }

    public HashedEntry? Find(string name) =>
        (_byName ??= Entries.ToDictionary(entry => entry.Name, StringComparer.Ordinal)).GetValueOrDefault(name);

    /// <summary>Describes the changes since a different earlier snapshot; <paramref name="folder"/> is the prefix of names.</summary>
    public string ChangeSince(ContextSnapshot earlier, string folder)
    {
        var changes = Entries.Where(entry => earlier.Find(entry.Name)?.Hash != entry.Hash)
            .Select(entry => $"{folder}{entry.Name} {(earlier.Find(entry.Name) is null ? "added" : "changed")}")
            .Concat(earlier.Entries.Where(entry => Find(entry.Name) is null).Select(entry => $"{folder}{entry.Name} removed"))
            .ToList();
        return changes.Count == 1 ? changes[0] : $"{changes[0]}, and {changes.Count - 1} more";
    }

    /// <summary>The snapshot with a checksum at its end, so that a damaged one is not read.</summary>
    public byte[] ToBytes()
    {
        using var stream = new MemoryStream();
        using (var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true))
        {
            writer.Write(Mark);
            writer.Write(Dockerfile);
            writer.Write(Hash);
            writer.Write(Entries.Count);
            foreach (var (name, stamp, hash) in Entries)
            {
                writer.Write(name);
                writer.Write(hash);
                writer.Write(stamp is not null);
                if (stamp is not var (mode, size, modified, changed, inode))
                    continue;
                writer.Write(mode);
                writer.Write(size);
                writer.Write(modified);
                writer.Write(changed);
                writer.Write(inode);
            }
        }

        return [.. stream.ToArray(), .. SHA256.HashData(stream.GetBuffer().AsSpan(0, (int)stream.Length))];
    }

    /// <summary>Reads a snapshot; null unless this version wrote the bytes.</summary>
    public static ContextSnapshot? Read(byte[] bytes)
    {
        var length = bytes.Length - SHA256.HashSizeInBytes;
        if (length < 0 || !SHA256.HashData(bytes.AsSpan(0, length)).AsSpan().SequenceEqual(bytes.AsSpan(length)))
            return null;
        using var reader = new BinaryReader(new MemoryStream(bytes, 0, length), Encoding.UTF8);
        if (reader.ReadString() != Mark)
            return null;
        var (dockerfile, hashOfAll) = (reader.ReadString(), reader.ReadString());
        var entries = new HashedEntry[reader.ReadInt32()];
        for (var index = 0; index < entries.Length; index++)
        {
            var (name, hash) = (reader.ReadString(), reader.ReadString());
            FileStamp? stamp = reader.ReadBoolean()
                ? new(reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt64())
                : null;
            entries[index] = new HashedEntry(name, stamp, hash);
        }

        return new ContextSnapshot(dockerfile, hashOfAll, entries);
    }
}

/// <summary>An entry of a context with its hash.</summary>
/// <param name="Stamp">Shows that it is unchanged; null where there is none, or it is too recent.</param>
/// <param name="Name">Its name in the context.</param>
/// <param name="Hash">The hash of its header and content.</param>
internal sealed record HashedEntry(string Name, FileStamp? Stamp, string Hash);

/// <summary>
/// Keeps the latest snapshot of each context, so that unchanged files need not be read again. It may be deleted at any time; a
/// snapshot that cannot be read or written is skipped.
/// </summary>
/// <param name="folder">Its folder, which need not exist.</param>
internal sealed class ContextCache(string folder)
{
    /// <summary>The number of files to keep: those used last.</summary>
    public const int Limit = 200;

    // Enough for a million files.
    private const long MaxSize = 256 * 1024 * 1024;
    private static readonly TimeSpan TouchAfter = TimeSpan.FromDays(1);

    public ContextSnapshot? Load(BuildContext context) => Try(() =>
    {
        var file = new FileInfo(PathOf(context));
        if (!file.Exists || file.Length > MaxSize || ContextSnapshot.Read(File.ReadAllBytes(file.FullName)) is not { } snapshot)
            return null;
        if (DateTime.UtcNow - file.LastWriteTimeUtc > TouchAfter)
            file.LastWriteTimeUtc = DateTime.UtcNow;
        return snapshot;
    });

    /// <summary>Saves the snapshot of a context, completely or not at all; of two processes, one wins.</summary>
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

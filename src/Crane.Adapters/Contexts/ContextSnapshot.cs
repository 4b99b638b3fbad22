using System.Security.Cryptography;
using System.Text;
using Crane.Adapters.Machine;
using Crane.Building;

namespace Crane.Adapters.Contexts;

/// <summary>What a builder would be sent of a context at some time, as hashes.</summary>
/// <param name="dockerfile">The Dockerfile's hash.</param>
/// <param name="hash">The hash of everything else.</param>
/// <param name="entries">Everything else, in the order in which it is sent.</param>
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

    /// <summary>The entry of that name; null for none.</summary>
    public HashedEntry? Find(string name) =>
        (_byName ??= Entries.ToDictionary(entry => entry.Name, StringComparer.Ordinal)).GetValueOrDefault(name);

    /// <summary>What is different from an earlier snapshot, as a clause.</summary>
    /// <param name="earlier">The earlier one; it is different.</param>
    /// <param name="folder">What names are shown with before them.</param>
    public string ChangeSince(ContextSnapshot earlier, string folder)
    {
        var changes = Entries.Where(entry => earlier.Find(entry.Name)?.Hash != entry.Hash)
            .Select(entry => $"{folder}{entry.Name} {(earlier.Find(entry.Name) is null ? "added" : "changed")}")
            .Concat(earlier.Entries.Where(entry => Find(entry.Name) is null).Select(entry => $"{folder}{entry.Name} removed"))
            .ToList();
        return changes.Count == 1 ? changes[0] : $"{changes[0]}, and {changes.Count - 1} more";
    }

    /// <summary>The snapshot with a checksum at the end: what is damaged in any way is none.</summary>
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

    /// <summary>The snapshot; null where the bytes are none that this version has written.</summary>
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

/// <summary>An entry of a context, and what it was like.</summary>
/// <param name="Name">Its name in the context.</param>
/// <param name="Stamp">By which it is known to be as it was; null where that is not to be had, or came too late.</param>
/// <param name="Hash">The hash of what is sent of it.</param>
internal sealed record HashedEntry(string Name, FileStamp? Stamp, string Hash);

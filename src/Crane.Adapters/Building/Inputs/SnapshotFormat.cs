using System.Security.Cryptography;
using System.Text;

namespace Crane.Adapters.Building.Inputs;

/// <summary>Snapshots as bytes, with a checksum at the end: what is damaged in any way is none.</summary>
internal static class SnapshotFormat
{
    private const string Mark = "crane context 1";

    public static byte[] Write(ContextSnapshot snapshot)
    {
        using var stream = new MemoryStream();
        using (var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true))
        {
            writer.Write(Mark);
            writer.Write(snapshot.Dockerfile);
            writer.Write(snapshot.Hash);
            writer.Write(snapshot.Entries.Count);
            foreach (var (name, stamp, hash) in snapshot.Entries)
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

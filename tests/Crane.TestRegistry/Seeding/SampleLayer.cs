using System.Formats.Tar;
using System.IO.Compression;
using Crane.Testing.Storage;

namespace Crane.Testing;

/// <summary>A layer with one file.</summary>
/// <param name="Content">What is uploaded: the tar, compressed.</param>
/// <param name="DiffId">The digest of the tar itself.</param>
public sealed record SampleLayer(byte[] Content, string DiffId)
{
    /// <summary>A layer of random bytes, so that no registry has it already.</summary>
    public static SampleLayer Random(int size)
    {
        var file = new byte[size];
        System.Random.Shared.NextBytes(file);
        using var tar = new MemoryStream();
        using (var writer = new TarWriter(tar, leaveOpen: true))
            writer.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, "file") { DataStream = new MemoryStream(file) });
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(tar.GetBuffer(), 0, (int)tar.Length);
        return new SampleLayer(packed.ToArray(), ContentDigest.Of(tar.ToArray()).ToString());
    }
}

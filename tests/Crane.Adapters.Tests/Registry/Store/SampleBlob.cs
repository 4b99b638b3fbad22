using System.Security.Cryptography;
using Crane.Names;
using Crane.Oci;

namespace Crane.Adapters.Tests.Registry.Store;

/// <summary>A blob with random bytes that notes where it is opened.</summary>
internal sealed class SampleBlob
{
    public SampleBlob(int size = 100_000)
    {
        Bytes = RandomNumberGenerator.GetBytes(size);
        Descriptor = new Descriptor("application/octet-stream", Digest.OfSha256(Bytes), size);
    }

    public byte[] Bytes { get; }

    public Descriptor Descriptor { get; }

    /// <summary>The positions that it was opened at.</summary>
    public List<long> Opened { get; } = [];

    public BlobWrite Write => new(Descriptor, (offset, _) =>
    {
        Opened.Add(offset);
        return Task.FromResult<Stream>(new MemoryStream(Bytes[(int)offset..]));
    });
}

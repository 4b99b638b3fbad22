using Crane.Oci;

namespace Crane.Adapters.Tests.OciLayout;

/// <summary>A source in memory that remembers from where on it was asked for.</summary>
internal sealed class WatchedSource(Descriptor blob, byte[] content)
{
    public List<long> Offsets { get; } = [];

    public BlobWrite Write => new(blob, (offset, _) =>
    {
        Offsets.Add(offset);
        return Task.FromResult<Stream>(new MemoryStream(content[(int)offset..]));
    });
}

/// <summary>A stream that gives what it has, and then an error in place of its end.</summary>
internal sealed class BrokenStream(byte[] content, Exception end) : MemoryStream(content)
{
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        Position < Length ? base.ReadAsync(buffer, cancellationToken) : ValueTask.FromException<int>(end);
}

/// <summary>A stream of zeros without an end.</summary>
internal sealed class EndlessStream : MemoryStream
{
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        buffer.Span.Clear();
        return ValueTask.FromResult(buffer.Length);
    }
}
